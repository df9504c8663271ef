import { formatValue } from '../../charts/format.ts';
import { leading, rowsWord, tileNames, type EvaluationPair, type RowsShown } from './evaluation.ts';
import { MetricTile } from './MetricTile.tsx';

/** The headline numbers, each with its interval and the all-rows value. */
export function MetricTiles({ pair, shown }: { pair: EvaluationPair; shown: RowsShown }) {
  const first = leading(pair, shown);
  if (!first) return null;
  const other = shown === 'both' && first.rows === 'coreset' ? pair.full : undefined;
  return (
    <dl className="run-tiles">
      {tileNames(first).map((name) => {
        const beside = other?.metrics[name];
        return (
          <MetricTile
            key={name}
            name={name}
            metric={first.metrics[name]!}
            beside={beside}
            rows={first.rows === 'full' ? 'full' : 'coreset'}
          >
            {beside ? (
              <>
                all rows <b>{formatValue(beside.value)}</b>
              </>
            ) : (
              `fitted on ${rowsWord(first.rows)}`
            )}
          </MetricTile>
        );
      })}
    </dl>
  );
}
