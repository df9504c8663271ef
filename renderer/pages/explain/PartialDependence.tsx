import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { PartialDependenceAnswer } from '../../../main/contract/explain.ts';
import { BarList } from '../../charts/BarList.tsx';
import { formatCount } from '../../charts/format.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import type { Series } from '../../charts/series.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const MAX_ICE = 40;

/** How the prediction moves with one column, the others as they are. */
export function PartialDependence({ projectId, runId, result, isReadOnly }: TopicProps) {
  const [feature, setFeature] = useState(result.inputs[0]?.name ?? '');
  const args = useMemo(() => ({ feature }), [feature]);
  const explanation = useExplanation(projectId, runId, 'partialDependence', args);
  return (
    <>
      <Select
        size="xs"
        w={240}
        label="Column"
        searchable
        allowDeselect={false}
        data={result.inputs.map((i) => i.name)}
        value={feature}
        onChange={(v) => v !== null && setFeature(v)}
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
      subtitle={`${subtitle} · thin lines: single rows`}
      series={series}
      xLabel={answer.feature}
      height={320}
      labelWidth={50}
    />
  );
}
