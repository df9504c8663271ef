import { useMemo } from 'react';
import type { LearningCurveAnswer } from '../../../main/contract/explain.ts';
import { formatCount } from '../../charts/format.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import { metricName } from '../../charts/metricNames.ts';
import type { Series } from '../../charts/series.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const NO_ARGS = {};

/** Would more rows help, and does the model over-fit? */
export function LearningCurve({ projectId, runId, isReadOnly }: TopicProps) {
  const explanation = useExplanation(projectId, runId, 'learningCurve', NO_ARGS);
  return (
    <QuestionPanel
      explanation={explanation}
      projectId={projectId}
      isReadOnly={isReadOnly}
      title="Learning curve"
      text="The model is fitted on growing parts of the training rows: would more data help, and does it over-fit?"
    >
      {(answer) => <Curve answer={answer} />}
    </QuestionPanel>
  );
}

function Curve({ answer }: { answer: LearningCurveAnswer }) {
  const series = useMemo((): Series[] => {
    const x = answer.points.map((p) => p.nRows);
    const hasBand = answer.points.every((p) => p.low !== undefined && p.high !== undefined);
    return [
      { name: 'training', role: 'full', x, y: answer.points.map((p) => p.train), isTraining: true, hasMarkers: true },
      {
        name: 'validation',
        role: 'full',
        x,
        y: answer.points.map((p) => p.validation),
        hasMarkers: true,
        ...(hasBand && { band: { low: answer.points.map((p) => p.low!), high: answer.points.map((p) => p.high!) } }),
      },
    ];
  }, [answer]);
  return (
    <>
      <LineChart
        title={`Learning curve: ${metricName(answer.metric).label}`}
        subtitle={`validation · ${formatCount(answer.nValidation)} rows · log scale`}
        series={series}
        xLabel="training rows"
        isLogX
        height={300}
        labelWidth={80}
      />
      {answer.advice.map((a) => (
        <p key={a} className="run-advice">
          {a}
        </p>
      ))}
    </>
  );
}
