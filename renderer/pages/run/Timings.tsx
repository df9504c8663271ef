import { formatDuration } from '../../charts/format.ts';
import type { RunResult } from './evaluation.ts';

const STEPS = [
  ['importMs', 'Read'],
  ['coresetMs', 'Coreset'],
  ['tuneMs', 'Search'],
  ['fitMs', 'Fit'],
  ['evaluateMs', 'Evaluate'],
] as const;

/** Where the time of the run went. */
export function Timings({ result }: { result: RunResult }) {
  const { timings } = result;
  const total = Math.max(1, timings.totalMs);
  return (
    <section className="run-inspector-part">
      <div className="run-inspector-row">
        <h3>Time</h3>
        <strong>{formatDuration(timings.totalMs)}</strong>
      </div>
      <dl className="run-timings">
        {STEPS.map(([key, label]) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd>
              <i style={{ width: `${Math.min(100, (timings[key] / total) * 100)}%` }} />
            </dd>
            <dd>{formatDuration(timings[key])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
