import { NumberInput } from '@mantine/core';
import { useMemo } from 'react';
import type { PredictionAnswer, ShapAnswer } from '../../../main/contract/explain.ts';
import { BarList } from '../../charts/BarList.tsx';
import { formatParam, formatValue } from '../../charts/format.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const MAX_SHOWN = 14;

type About = Pick<TopicProps, 'projectId' | 'runId' | 'isReadOnly'>;

/** What moved the prediction of one row, of those in the swarm or any other row of the data set. */
export function SinglePrediction({
  answer,
  rowId,
  onRow,
  ...about
}: About & {
  readonly answer: ShapAnswer;
  readonly rowId: number;
  readonly onRow: (rowId: number) => void;
}) {
  const at = answer.rowIds.indexOf(rowId);
  const own = useMemo(() => (at < 0 ? null : predictionOf(answer, at)), [answer, at]);
  const chooser = (
    <NumberInput
      size="xs"
      w={92}
      aria-label="Row to explain"
      title="Row to explain, as numbered in the data grid"
      min={1}
      allowDecimal={false}
      thousandSeparator=","
      value={rowId + 1}
      onChange={(v) => typeof v === 'number' && v >= 1 && onRow(v - 1)}
    />
  );
  return own ? <Bars prediction={own} chooser={chooser} /> : <OtherRow {...about} rowId={rowId} chooser={chooser} />;
}

function OtherRow({
  projectId,
  runId,
  isReadOnly,
  rowId,
  chooser,
}: About & { rowId: number; chooser: React.ReactNode }) {
  const args = useMemo(() => ({ rowId }), [rowId]);
  const explanation = useExplanation(projectId, runId, 'prediction', args, !isReadOnly);
  return (
    <div>
      {!explanation.answer && chooser}
      <QuestionPanel
        explanation={explanation}
        projectId={projectId}
        isReadOnly={isReadOnly}
        title="One prediction"
        text="This row is not among those drawn; its contributions are computed for it alone."
      >
        {(prediction) => <Bars prediction={prediction} chooser={chooser} />}
      </QuestionPanel>
    </div>
  );
}

function Bars({ prediction, chooser }: { prediction: PredictionAnswer; chooser: React.ReactNode }) {
  const { unit, base, label } = prediction;
  return (
    <BarList
      title="One row"
      subtitle={`${unit}: base ${formatValue(base)}, prediction ${formatValue(prediction.prediction)}${label === null ? '' : ` → ${label}`}`}
      items={prediction.contributions.map((c) => ({ label: c.feature, detail: formatParam(c.cell), value: c.value }))}
      isSigned
      maxItems={MAX_SHOWN}
      actions={chooser}
    />
  );
}

/** Row `at` of the swarm as an answer of its own. */
function predictionOf(answer: ShapAnswer, at: number): PredictionAnswer {
  const values = answer.values[at] ?? [];
  return {
    unit: answer.unit,
    base: answer.base,
    prediction: answer.predictions[at] ?? NaN,
    label: null,
    contributions: answer.features
      .map((feature, k) => ({ feature, cell: answer.cells[at]?.[k] ?? null, value: values[k] ?? 0 }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value)),
  };
}
