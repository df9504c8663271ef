import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ImportanceAnswer, PartialDependenceAnswer } from '../../../main/contract/explain.ts';
import { BarList } from '../../charts/BarList.tsx';
import { formatCount } from '../../charts/format.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import type { Series } from '../../charts/series.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const MAX_ICE = 40;
const PERMUTATION = { kind: 'permutation' };

/** How the prediction moves with one column, the others as they are. */
export function PartialDependence({ projectId, runId, result, isReadOnly }: TopicProps) {
  const importance = useExplanation(projectId, runId, 'importance', PERMUTATION);
  const columns = useMemo(() => inOrder(result, importance.answer), [result, importance.answer]);
  const [chosen, setChosen] = useState<string | null>(null);
  const feature = chosen ?? columns[0] ?? '';
  const args = useMemo(() => ({ feature }), [feature]);
  // Which column comes first is known once the importances were asked for.
  const isKnown = chosen !== null || importance.isAsked;
  const explanation = useExplanation(projectId, runId, 'partialDependence', args, !isReadOnly && isKnown);
  return (
    <>
      <Select
        size="xs"
        w={240}
        label="Column"
        searchable
        allowDeselect={false}
        data={columns}
        value={feature}
        description={importance.answer ? 'most important first' : undefined}
        onChange={(v) => v !== null && setChosen(v)}
      />
      <QuestionPanel
        explanation={explanation}
        projectId={projectId}
        isReadOnly={isReadOnly}
        title={`Dependence on ${feature}`}
        text="The column is set to each of its values in a sample of rows: the mean prediction, and some rows one by one."
      >
        {(answer) => <Dependence answer={answer} />}
      </QuestionPanel>
    </>
  );
}

/** The model's columns, by importance where that was computed. */
function inOrder(result: TopicProps['result'], importance: ImportanceAnswer | null): string[] {
  const place = new Map(importance?.items.map((item, k) => [item.feature, k]));
  const names = result.inputs.map((i) => i.name);
  return names.sort((a, b) => (place.get(a) ?? Infinity) - (place.get(b) ?? Infinity) || 0);
}

function Dependence({ answer }: { answer: PartialDependenceAnswer }) {
  const numeric = useMemo(
    () => (answer.x.every((x) => typeof x === 'number') ? (answer.x as number[]) : null),
    [answer],
  );
  const series = useMemo((): Series[] => {
    if (!numeric) return [];
    const single = answer.ice
      .slice(0, MAX_ICE)
      .map((y): Series => ({ name: '', role: 'neutral', isFaint: true, x: numeric, y }));
    return [...single, { name: 'mean', role: 'full', x: numeric, y: answer.mean }];
  }, [answer, numeric]);
  const subtitle = `${answer.rowsKind} · ${formatCount(answer.nRows)} rows · ${answer.unit}`;
  if (!numeric) {
    return (
      <BarList
        title={`Mean prediction by ${answer.feature}`}
        subtitle={subtitle}
        items={answer.x.map((x, k) => ({ label: String(x), value: answer.mean[k]! })).sort((a, b) => b.value - a.value)}
      />
    );
  }
  return (
    <LineChart
      title={`Dependence on ${answer.feature}`}
      subtitle={`${subtitle} · thin lines: single rows${answer.deciles ? ' · ticks: deciles of the rows' : ''}`}
      series={series}
      xLabel={answer.feature}
      yLabel={answer.unit}
      {...(answer.deciles && { rug: answer.deciles })}
      height={320}
      labelWidth={50}
    />
  );
}
