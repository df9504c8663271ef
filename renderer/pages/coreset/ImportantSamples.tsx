import { Button, Checkbox, NumberInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import { formatCount, formatParam, formatValue } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { useReading } from '../run/useReading.ts';
import { isNumberIn } from './cells.ts';

export interface ImportantSamplesProps {
  readonly projectId: string;
  readonly coresetId: string;
  readonly isReadOnly: boolean;
  /** Labels a row can be given; none where the target is a number. */
  readonly classes: readonly string[];
  readonly target: string | null;
  readonly onRelabel: (rowId: number, label: string) => void;
  /** Asks which rows a row stands for. */
  readonly onAsk: (rowId: number) => void;
  /** Takes the chosen rows out of the tree. */
  readonly onRemove: (rowIds: readonly number[]) => void;
}

/** The rows that move the model most, with their values; they can be marked as seen or taken out. */
export function ImportantSamples({
  projectId,
  coresetId,
  isReadOnly,
  classes,
  target,
  onRelabel,
  onAsk,
  onRemove,
}: ImportantSamplesProps) {
  const [size, setSize] = useState(50);
  const [isUnseenOnly, setIsUnseenOnly] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());

  const read = useCallback(
    () => call('coreset.important', { projectId, coresetId, size, isUnseenOnly }),
    [projectId, coresetId, size, isUnseenOnly],
  );
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'coresets',
    [projectId],
  );
  const { value: answer, error, reload, setError } = useReading(read, isAbout);

  const toggle = (rowId: number) => {
    const next = new Set(chosen);
    if (!next.delete(rowId)) next.add(rowId);
    setChosen(next);
  };
  const markSeen = async () => {
    try {
      await call('coreset.markSeen', { projectId, coresetId, rowIds: [...chosen] });
      setChosen(new Set());
      await reload();
    } catch (cause) {
      setError(cause);
    }
  };
  // The target is shown as the label, where it can be corrected.
  const shown = (answer?.columns ?? []).flatMap((name, k) => (name === target ? [] : [k]));
  const most = Math.max(1e-12, ...(answer?.samples.map((s) => s.importance) ?? []));
  return (
    <section className="run-section" aria-label="Important samples">
      <header className="run-section-head">
        <h3>Important samples</h3>
        <span>
          most influential first
          <span className="is-wide-only">
            {' '}
            · correct a label, or click a row’s number to see which rows it stands for
          </span>
        </span>
        <div className="coreset-tools">
          <Checkbox
            size="xs"
            label="Unseen only"
            checked={isUnseenOnly}
            onChange={(e) => setIsUnseenOnly(e.currentTarget.checked)}
          />
          <NumberInput
            size="xs"
            w={72}
            min={1}
            max={1000}
            aria-label="How many"
            value={size}
            onChange={(v) => typeof v === 'number' && v >= 1 && setSize(Math.min(1000, Math.round(v)))}
          />
          <Button
            size="compact-xs"
            variant="default"
            disabled={chosen.size === 0 || isReadOnly}
            onClick={() => void markSeen()}
          >
            Mark {chosen.size > 0 ? formatCount(chosen.size) : ''} seen
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={chosen.size === 0 || isReadOnly}
            onClick={() => {
              onRemove([...chosen]);
              setChosen(new Set());
            }}
          >
            Take out
          </Button>
        </div>
      </header>
      {error !== null && <ErrorState error={error} />}
      {answer && answer.samples.length === 0 && (
        <p className="run-hint">No row is left to show{isUnseenOnly ? ': all have been seen' : ''}.</p>
      )}
      {answer && answer.samples.length > 0 && (
        <div className="pith-scroll is-tall">
          <table className="pith-table">
            <thead>
              <tr>
                <th scope="col" className="is-icon">
                  <span className="is-spoken">Choose</span>
                </th>
                <th scope="col" className="is-right">
                  Row
                </th>
                <th scope="col">Label</th>
                <th scope="col">Importance</th>
                <th scope="col" className="is-right">
                  Weight
                </th>
                {shown.map((k) => (
                  <th
                    scope="col"
                    key={answer.columns[k]}
                    className={isNumberIn(answer.samples, k) ? 'is-right' : undefined}
                  >
                    {answer.columns[k]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {answer.samples.map((s) => (
                <tr
                  key={s.rowId}
                  className={[chosen.has(s.rowId) && 'is-selected', s.isSeen && 'is-seen'].filter(Boolean).join(' ')}
                >
                  <td className="is-icon">
                    <Checkbox
                      size="xs"
                      aria-label={`Choose row ${s.rowId}`}
                      checked={chosen.has(s.rowId)}
                      onChange={() => toggle(s.rowId)}
                    />
                  </td>
                  <td className="is-right is-mono">
                    <button
                      type="button"
                      className="pith-link"
                      title="Which rows does it stand for?"
                      onClick={() => onAsk(s.rowId)}
                    >
                      {formatCount(s.rowId)}
                    </button>
                  </td>
                  <td>
                    {classes.length > 1 && classes.length <= 100 ? (
                      <select
                        className="coreset-label"
                        aria-label={`Label of row ${s.rowId}`}
                        disabled={isReadOnly}
                        value={s.label}
                        onChange={(e) => onRelabel(s.rowId, e.currentTarget.value)}
                      >
                        {classes.map((label) => (
                          <option key={label}>{label}</option>
                        ))}
                      </select>
                    ) : (
                      s.label
                    )}
                  </td>
                  <td aria-label={formatValue(s.importance)}>
                    <span className="coreset-bar" title={formatValue(s.importance)}>
                      <i style={{ width: `${(s.importance / most) * 100}%` }} />
                    </span>
                  </td>
                  <td className="is-right is-strong">{formatValue(s.weight, 3)}</td>
                  {shown.map((k) => {
                    const cell = s.cells[k];
                    return (
                      <td key={answer.columns[k]} className={typeof cell === 'number' ? 'is-right' : 'is-clip'}>
                        {cell == null ? <em>missing</em> : formatParam(cell)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
