import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../../charts/format.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { JobLine } from '../run/JobLine.tsx';
import { CandidatesTable } from './CandidatesTable.tsx';
import { useCandidates } from './useCandidates.ts';

export interface ProposeCandidatesProps {
  readonly projectId: string;
  readonly versionId: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly onUse: (yaml: string, type: string, isStarted: boolean) => void;
}

/** Two or three models that suit the data, tried within a budget and ranked on the same rows. */
export function ProposeCandidates({ projectId, versionId, target, isReadOnly, onUse }: ProposeCandidatesProps) {
  const { answer, isAsked, job, error, start } = useCandidates(projectId, versionId, target);
  const [budgetS, setBudgetS] = useState(30);
  return (
    <section className="candidates" aria-label="Candidates">
      <header className="candidates-head">
        <div>
          <h3>Which model?</h3>
          <p className="run-hint">
            Pith picks two or three that suit these columns, tries them on their coresets and ranks them on the same
            held-out rows.
          </p>
        </div>
        <NumberInput
          size="xs"
          w={104}
          label="Budget"
          suffix=" s"
          min={1}
          max={3600}
          value={budgetS}
          disabled={job !== null}
          onChange={(v) => setBudgetS(typeof v === 'number' && v >= 1 ? v : 30)}
        />
        <Button
          size="xs"
          variant={answer ? 'default' : 'filled'}
          disabled={isReadOnly || !isAsked || job !== null}
          onClick={() => start(budgetS)}
        >
          {answer ? 'Compare again' : 'Compare candidates'}
        </Button>
      </header>
      {error !== null && <ErrorState error={error} />}
      {job && <JobLine job={job} projectId={projectId} />}
      {answer && (
        <>
          <ul className="candidates-facts">
            {answer.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
          <CandidatesTable answer={answer} isReadOnly={isReadOnly} onUse={onUse} />
          <p className="run-advice">{answer.verdict}</p>
          <p className="run-hint">
            Scored on the same {formatCount(answer.nTestRows)} held-out rows in each of {answer.nFolds} folds of{' '}
            {formatCount(answer.nTrain)} training rows; intervals are 95 %, corrected for rows that folds share;{' '}
            {answer.usedS.toPrecision(2)} of {answer.budgetS} s used. Seconds are estimated from rates measured on this
            machine.
          </p>
        </>
      )}
    </section>
  );
}
