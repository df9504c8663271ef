import { useMemo, useState } from 'react';
import type { ShapAnswer } from '../../../main/contract/explain.ts';
import { BarList } from '../../charts/BarList.tsx';
import { Beeswarm } from '../../charts/Beeswarm.tsx';
import { formatCount, formatParam, formatValue } from '../../charts/format.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import { swarmFeatures } from './swarmFeatures.ts';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const NO_ARGS = {};

/** SHAP values of many rows, and of the one that was clicked. */
export function Shap({ projectId, runId, isReadOnly }: TopicProps) {
  const explanation = useExplanation(projectId, runId, 'shap', NO_ARGS);
  return (
    <QuestionPanel
      explanation={explanation}
      projectId={projectId}
      isReadOnly={isReadOnly}
      title="Contributions to predictions (SHAP)"
      text="Exact for trees and linear models: how far each column moves each prediction from the average one."
    >
      {(answer) => <ShapCharts answer={answer} />}
    </QuestionPanel>
  );
}

function ShapCharts({ answer }: { answer: ShapAnswer }) {
  const [row, setRow] = useState(0);
  const features = useMemo(() => swarmFeatures(answer), [answer]);
  const order = useMemo(
    () =>
      answer.features
        .map((_, k) => k)
        .sort((a, b) => Math.abs(answer.values[row]?.[b] ?? 0) - Math.abs(answer.values[row]?.[a] ?? 0)),
    [answer, row],
  );
  return (
    <div className="explain-two">
      <Beeswarm
        title="Contributions by column"
        subtitle={`${answer.rowsKind} · ${formatCount(answer.nRows)} rows · click a dot to explain its row`}
        xLabel={`contribution to ${answer.unit}`}
        features={features}
        onPointClick={setRow}
      />
      <BarList
        title={`Row ${formatCount(answer.rowIds[row])}`}
        subtitle={`${answer.unit} · base ${formatValue(answer.base)}, prediction ${formatValue(answer.predictions[row])}`}
        items={order.map((k) => ({
          label: answer.features[k]!,
          detail: formatParam(answer.cells[row]?.[k]),
          value: answer.values[row]?.[k] ?? 0,
        }))}
        isSigned
        maxItems={14}
      />
    </div>
  );
}
