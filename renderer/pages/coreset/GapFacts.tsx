import type { FidelityCurve } from '../../../main/contract/coreset.ts';
import { formatCount, formatShare, formatSigned } from '../../charts/format.ts';
import { EXCESS, gapAt, kindLabel, KINDS } from './fidelityView.ts';

/** The gap of each kind of sample at the size of the coreset, with its band. */
export function GapFacts({ curve, measure, size }: { curve: FidelityCurve; measure: string; size: number }) {
  const format = (v: number) => (measure === EXCESS ? formatShare(v) : formatSigned(v));
  const found = KINDS.flatMap((kind) => {
    const point = gapAt(curve, measure, kind, size);
    return point ? [{ kind, point }] : [];
  });
  if (found.length === 0) return null;
  const measuredSize = found[0]!.point.size;
  return (
    <section className="run-inspector-part">
      <h3>{measuredSize === size ? 'At this size' : `At ${formatCount(measuredSize)} rows`}</h3>
      <dl className="facts">
        {found.map(({ kind, point }) => (
          <div key={kind}>
            <dt>{kindLabel(kind)}</dt>
            <dd
              className={kind === 'coreset' || kind === 'refreshed' ? 'is-accent' : undefined}
              title={`10–90 % of ${point.nDraws} draws: ${format(point.low)} to ${format(point.high)}`}
            >
              {format(point.median)}
              <small className="coreset-change">
                {format(point.low)} to {format(point.high)}
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
