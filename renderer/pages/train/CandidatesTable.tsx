import { Button } from '@mantine/core';
import type { CandidateResult, CandidatesAnswer } from '../../../main/contract/candidates.ts';
import { formatAligned, formatDuration, formatParam, formatValue } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { metricName } from '../../charts/metricNames.ts';
import { extent } from '../../charts/scales.ts';

export interface CandidatesTableProps {
  readonly answer: CandidatesAnswer;
  readonly isReadOnly: boolean;
  readonly onUse: (yaml: string, type: string, isStarted: boolean) => void;
}

/** Candidates, best first: why, the score with its interval, the gap to the first, the cost. */
export function CandidatesTable({ answer, isReadOnly, onUse }: CandidatesTableProps) {
  const { candidates, metric } = answer;
  const domain = extent(candidates.flatMap(({ score }) => (score ? [score.low, score.high] : []))) ?? [0, 1];
  return (
    <div className="pith-scroll">
      <table className="pith-table candidates-table">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">{metricName(metric).label}</th>
            <th scope="col" className="is-right">
              Minus the best
            </th>
            <th scope="col" className="is-right" title="Estimated seconds of one comparison over all folds">
              A trial
            </th>
            <th scope="col" className="is-right" title="Estimated seconds of a fit on all training rows">
              All rows
            </th>
            <th scope="col" aria-label="Use" />
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate) => (
            <tr key={candidate.type} className={candidate.state === 'done' ? undefined : 'is-quiet'}>
              <td className="candidates-model">
                <b>{candidate.title}</b>
                {candidate.reasons.map((reason) => (
                  <small key={reason}>{reason}</small>
                ))}
                <code>{paramsOf(candidate)}</code>
              </td>
              <td>
                <Score candidate={candidate} domain={domain} />
              </td>
              <td className="is-right">
                {candidate.gapToBest ? <Gap gap={candidate.gapToBest} /> : candidate.score ? 'the best' : '–'}
              </td>
              <td className="is-right">
                {candidate.estimate ? formatDuration(candidate.estimate.trialS * 1000) : '–'}
              </td>
              <td className="is-right">
                {candidate.estimate ? formatDuration(candidate.estimate.fullFitS * 1000) : '–'}
              </td>
              <td className="candidates-use">
                <Button
                  size="compact-xs"
                  variant={candidate === candidates[0] ? 'filled' : 'default'}
                  disabled={isReadOnly}
                  onClick={() => onUse(candidate.yaml, candidate.type, false)}
                >
                  Use it
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={isReadOnly}
                  onClick={() => onUse(candidate.yaml, candidate.type, true)}
                >
                  Use and run
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ gap }: { gap: NonNullable<CandidateResult['gapToBest']> }) {
  const text = formatAligned([gap.mean, gap.low, gap.high], true);
  return (
    <>
      {text(gap.mean)}
      <small>
        {text(gap.low)} to {text(gap.high)}
      </small>
    </>
  );
}

function Score({ candidate, domain }: { candidate: CandidateResult; domain: readonly [number, number] }) {
  const { score, error, state, nTrials } = candidate;
  if (!score) return <small className="candidates-error">{error ?? state}</small>;
  return (
    <>
      <span className="candidates-score">
        {formatValue(score.mean)}
        <IntervalBar value={score.mean} low={score.low} high={score.high} domain={domain} rows="coreset" hasTrack />
      </span>
      <small>
        {formatValue(score.low, 3)} to {formatValue(score.high, 3)} · best of {nTrials}
      </small>
    </>
  );
}

const paramsOf = ({ params }: CandidateResult): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} ${formatParam(value)}`)
    .join(', ');
