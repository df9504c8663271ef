import { formatCount, formatShare } from './format.ts';
import './charts.css';

export interface ConfusionProps {
  readonly classes: readonly string[];
  /** counts[actual][predicted] */
  readonly counts: readonly (readonly number[])[];
  /** The same for the model fitted on all rows, printed under the first. */
  readonly fullCounts?: readonly (readonly number[])[] | undefined;
}

/** Confusion matrix: actual classes down, predicted across; right answers on the diagonal. */
export function Confusion({ classes, counts, fullCounts }: ConfusionProps) {
  const isBinary = classes.length === 2;
  const rowTotals = counts.map((row) => row.reduce((a, b) => a + b, 0));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls when there are many classes
    <div className="confusion-scroll" tabIndex={classes.length > 4 ? 0 : -1}>
      <table className={isBinary ? 'confusion is-binary' : 'confusion'}>
        <thead>
          <tr>
            <th scope="col" aria-label="actual class" />
            {classes.map((c) => (
              <th key={c} scope="col" title={`predicted ${c}`}>
                {isBinary ? `predicted ${c}` : c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((actual, i) => (
            <tr key={actual}>
              <th scope="row" title={`actual ${actual}`}>
                {actual}
              </th>
              {classes.map((predicted, j) => {
                const count = counts[i]?.[j] ?? 0;
                const share = rowTotals[i] ? count / rowTotals[i]! : 0;
                const kind = i === j ? 'is-right' : 'is-wrong';
                const depth = Math.min(4, Math.ceil(share * 4));
                return (
                  <td
                    key={predicted}
                    className={`${kind} depth-${count === 0 ? 0 : depth}`}
                    title={`actual ${actual}, predicted ${predicted}: ${formatCount(count)} rows, ${formatShare(share)} of the class`}
                  >
                    <b>{formatCount(count)}</b>
                    {isBinary && <span>{word(i, j)}</span>}
                    {fullCounts && isBinary && <small>all rows {formatCount(fullCounts[i]?.[j])}</small>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function word(actual: number, predicted: number): string {
  if (actual === predicted) return 'correct';
  return predicted === 1 ? 'false alarm' : 'missed';
}
