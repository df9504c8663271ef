import { useMemo, useState } from 'react';
import type { RunDetail } from '../../../main/contract/run.ts';
import { Segmented } from '../../components/Segmented.tsx';
import type { RunResult } from '../run/evaluation.ts';
import { Clusters } from './Clusters.tsx';
import { Components } from './Components.tsx';
import { Importance } from './Importance.tsx';
import { LearningCurve } from './LearningCurve.tsx';
import { PartialDependence } from './PartialDependence.tsx';
import { Shap } from './Shap.tsx';
import { hasContributions, isTreeModel, type TopicProps } from './topic.ts';
import { Trees } from './Trees.tsx';
import './explain.css';

export interface ExplainViewProps {
  readonly projectId: string;
  readonly run: RunDetail;
  readonly result: RunResult;
  readonly isReadOnly: boolean;
  readonly onApply: TopicProps['onApply'];
}

type Topic = 'importance' | 'shap' | 'dependence' | 'trees' | 'learning';

/** Understanding one model: each topic is a question to the engine, computed when asked for. */
export function ExplainView({ projectId, run, result, isReadOnly, onApply }: ExplainViewProps) {
  const topics = useMemo(() => {
    return [
      { value: 'importance', label: 'Importance' },
      ...(hasContributions(result.model) ? [{ value: 'shap', label: 'SHAP' }] : []),
      { value: 'dependence', label: 'Dependence' },
      ...(isTreeModel(result.model) ? [{ value: 'trees', label: 'Trees' }] : []),
      { value: 'learning', label: 'Learning curve' },
    ] as const;
  }, [result.model]);
  const [topic, setTopic] = useState<Topic>('importance');
  const common = { projectId, runId: run.id, result, isReadOnly, onApply };
  if (result.task === 'clustering' || result.task === 'decomposition') {
    return (
      <section className="run-section explain" aria-label="What was found">
        {result.task === 'clustering' ? <Clusters {...common} /> : <Components {...common} />}
      </section>
    );
  }
  return (
    <section className="run-section explain" aria-label="Understand the model">
      <Segmented label="Topic" value={topic} options={[...topics]} onChange={(v) => setTopic(v as Topic)} />
      {topic === 'importance' && <Importance {...common} />}
      {topic === 'shap' && <Shap {...common} />}
      {topic === 'dependence' && <PartialDependence {...common} />}
      {topic === 'trees' && <Trees {...common} />}
      {topic === 'learning' && <LearningCurve {...common} />}
    </section>
  );
}
