import { IconChevronRight, IconFile, IconTarget } from '@tabler/icons-react';
import type { RunDetail } from '../../../main/contract/run.ts';
import { formatCount, formatDuration } from '../../charts/format.ts';

/** File → version hash → split → coreset → run: what this run stands on. */
export function Lineage({ run }: { run: RunDetail }) {
  const result = run.result;
  const arrow = <IconChevronRight size={12} stroke={1.6} aria-hidden />;
  return (
    <>
      <p className="run-lineage">
        <span>
          <IconFile size={14} stroke={1.4} aria-hidden /> {run.dataset}
        </span>
        {run.versionHash && (
          <>
            {arrow}
            <code title={`Content hash of the data: ${run.versionHash}`}>{run.versionHash.slice(0, 7)}</code>
          </>
        )}
        {result && (
          <>
            {arrow}
            <span title={result.splitNote}>
              {formatCount(result.nTrain)} training, {formatCount(result.nValidation)} validation
              {result.nTest > 0 && `, ${formatCount(result.nTest)} test`}
            </span>
            {result.coreset && (
              <>
                {arrow}
                <span className="is-accent" title={`${result.coreset.service} coreset, level ${result.coreset.level}`}>
                  <IconTarget size={14} stroke={1.4} aria-hidden /> core-{formatCount(result.coreset.nRows)}
                </span>
              </>
            )}
          </>
        )}
        {arrow}
        <strong>{run.name}</strong>
        <span className="run-lineage-end">
          {result?.coreset && `seed ${result.coreset.seed} · `}
          {run.seconds !== null && `${formatDuration(run.seconds * 1000)} · `}
          {new Date(run.createdAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}
        </span>
      </p>
      {result?.coresetChoice && <p className="run-note">{result.coresetChoice.note}</p>}
    </>
  );
}
