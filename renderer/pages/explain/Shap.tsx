import { useMemo, useState } from 'react';
import type { ShapAnswer } from '../../../main/contract/explain.ts';
import { Beeswarm } from '../../charts/Beeswarm.tsx';
import { formatCount } from '../../charts/format.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import { SinglePrediction } from './SinglePrediction.tsx';
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
      {(answer) => <ShapCharts answer={answer} projectId={projectId} runId={runId} isReadOnly={isReadOnly} />}
    </QuestionPanel>
  );
}

function ShapCharts({
  answer,
  ...about
}: { answer: ShapAnswer } & Pick<TopicProps, 'projectId' | 'runId' | 'isReadOnly'>) {
  const [rowId, setRowId] = useState(answer.rowIds[0] ?? 0);
  const features = useMemo(() => swarmFeatures(answer), [answer]);
  return (
    <div className="explain-two">
      <Beeswarm
        title="Contributions by column"
        subtitle={`${answer.rowsKind} · ${formatCount(answer.nRows)} rows · click a dot to explain its row`}
        xLabel={`contribution to ${answer.unit}`}
        features={features}
        onPointClick={(row) => setRowId(answer.rowIds[row] ?? 0)}
      />
      <SinglePrediction {...about} answer={answer} rowId={rowId} onRow={setRowId} />
    </div>
  );
}
