import type { Evaluation } from '../../../main/contract/run.ts';
import { Confusion } from '../../charts/Confusion.tsx';
import { formatCount, formatValue } from '../../charts/format.ts';
import { rowsWord } from './evaluation.ts';

/** Precision, recall and F1 by class, beside the confusion matrix. */
export function ClassReport({ first, full }: { first: Evaluation; full: Evaluation | undefined }) {
  const classes = first.classes ?? [];
  if (!first.perClass || first.perClass.length === 0) return null;
  const isMany = classes.length > 2 && first.confusion !== undefined;
  return (
    <section className={isMany ? 'run-section is-two' : 'run-section'} aria-label="Classes">
      <div>
        <header className="run-section-head">
          <h3>By class</h3>
          <span>
            validation · {formatCount(first.nValidation)} rows · {rowsWord(first.rows)}
          </span>
        </header>
        <div className="pith-scroll">
          <table className="pith-table">
            <thead>
              <tr>
                <th scope="col">Class</th>
                <th scope="col" className="is-right">
                  Rows
                </th>
                <th scope="col" className="is-right">
                  Precision
                </th>
                <th scope="col" className="is-right">
                  Recall
                </th>
                <th scope="col" className="is-right">
                  F1
                </th>
                {full && full !== first && (
                  <th scope="col" className="is-right">
                    F1, all rows
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {first.perClass.map((c, k) => (
                <tr key={c.label}>
                  <td className="is-clip" title={c.label}>
                    {c.label}
                  </td>
                  <td className="is-right">{formatCount(c.support)}</td>
                  <td className="is-right">{formatValue(c.precision, 3)}</td>
                  <td className="is-right">{formatValue(c.recall, 3)}</td>
                  <td className="is-right is-strong">{formatValue(c.f1, 3)}</td>
                  {full && full !== first && <td className="is-right">{formatValue(full.perClass?.[k]?.f1, 3)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {isMany && (
        <div>
          <header className="run-section-head">
            <h3>Confusion</h3>
            <span>actual down, predicted across</span>
          </header>
          <Confusion classes={classes} counts={first.confusion!} />
        </div>
      )}
    </section>
  );
}
