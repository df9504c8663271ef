import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorState } from '../../components/ErrorState.tsx';
import { JobLine } from '../run/JobLine.tsx';
import type { Explanation } from './useExplanation.ts';
import type { Question } from '../../../main/contract/explain.ts';

export interface QuestionPanelProps<Q extends Question> {
  readonly explanation: Explanation<Q>;
  readonly projectId: string;
  readonly title: string;
  /** What it tells and what it costs. */
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly children: (answer: NonNullable<Explanation<Q>['answer']>) => ReactNode;
}

/** One question about a model: its answer, or the offer to compute it, its progress, its error. */
export function QuestionPanel<Q extends Question>({
  explanation,
  projectId,
  title,
  text,
  isReadOnly,
  children,
}: QuestionPanelProps<Q>) {
  const { answer, isAsked, job, error, compute } = explanation;
  if (answer) return children(answer);
  return (
    <div className="question">
      <h3>{title}</h3>
      <p className="run-hint">{text}</p>
      {error !== null && <ErrorState error={error} />}
      {job ? (
        <JobLine job={job} projectId={projectId} />
      ) : (
        <Button size="compact-xs" variant="default" disabled={!isAsked || isReadOnly} onClick={compute}>
          Compute
        </Button>
      )}
    </div>
  );
}
