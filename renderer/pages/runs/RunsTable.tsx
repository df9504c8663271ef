import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconPencil,
  IconRestore,
  IconTag,
  IconTrash,
  IconNote,
} from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { RunSummary } from '../../../main/contract/run.ts';
import { formatDuration, formatSigned, formatValue } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { metricName } from '../../charts/metricNames.ts';
import { extent } from '../../charts/scales.ts';
import { headline, rowsUsed, type RunSort, type SortKey } from './runTable.ts';

export interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly metric: string | null;
  readonly baseline: RunSummary | null;
  readonly selected: ReadonlySet<string>;
  readonly sort: RunSort;
  readonly isTrash: boolean;
  readonly isReadOnly: boolean;
  readonly onSort: (key: SortKey) => void;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onOpen: (run: RunSummary) => void;
  readonly onEdit: (run: RunSummary, what: 'name' | 'tags' | 'note') => void;
  readonly onTrash: (run: RunSummary) => void;
  readonly onRestore: (run: RunSummary) => void;
  readonly onErase: (run: RunSummary) => void;
}

/** All runs with their headline metric as an interval on one scale, and its difference to the baseline run. */
export function RunsTable(props: RunsTableProps) {
  const { runs, metric, baseline, selected, isTrash, onSelect, onOpen } = props;
  const scored = runs.filter((r) => r.metricName === metric && headline(r));
  const range = extent(
    scored.flatMap((r) => [headline(r)!.low ?? headline(r)!.value, headline(r)!.high ?? headline(r)!.value]),
  ) ?? [0, 1];
  const pad = Math.max((range[1] - range[0]) * 0.05, 1e-9);
  const domain: [number, number] = [range[0] - pad, range[1] + pad];
  const label = metric === null ? 'Metric' : metricName(metric).label;
  const base = baseline && headline(baseline)?.value;
  const isAllSelected = runs.length > 0 && runs.every((r) => selected.has(r.id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const onRowKey = (event: KeyboardEvent<HTMLTableRowElement>, run: RunSummary) => {
    if (event.target !== event.currentTarget) return;
    const moves: Record<string, Element | null> = {
      ArrowDown: event.currentTarget.nextElementSibling,
      ArrowUp: event.currentTarget.previousElementSibling,
    };
    if (event.key in moves) (moves[event.key] as HTMLElement | null)?.focus();
    else if (event.key === 'Enter') onOpen(run);
    else if (event.key === ' ') toggle(run.id);
    else if (event.key === 'Delete' && !isTrash && !props.isReadOnly) {
      // The row goes; the focus stays in the table.
      const { nextElementSibling: next, previousElementSibling: before } = event.currentTarget;
      ((next ?? before) as HTMLElement | null)?.focus();
      props.onTrash(run);
    } else if (event.key === 'F2' && !props.isReadOnly) props.onEdit(run, 'name');
    else return;
    event.preventDefault();
  };
  return (
    <table className="pith-table runs-table">
      <thead>
        <tr>
          <th scope="col" className="is-icon">
            <Checkbox
              size="xs"
              aria-label="Select all runs"
              checked={isAllSelected}
              indeterminate={!isAllSelected && selected.size > 0}
              onChange={() => onSelect(isAllSelected ? new Set() : new Set(runs.map((r) => r.id)))}
            />
          </th>
          <Head {...props} column="number" label="Run" />
          <Head {...props} column="model" label="Model" />
          <Head {...props} column="rows" label="Rows used" />
          <th scope="col" className="is-bar">
            {label}{' '}
            {scored.length > 0 && range[1] > range[0] && `${formatValue(domain[0], 2)} to ${formatValue(domain[1], 2)}`}
          </th>
          <Head {...props} column="metric" label={label} isRight />
          <th scope="col" className="is-right is-wide-only">
            vs baseline
          </th>
          <Head {...props} column="gap" label="Gap to all" isRight isWideOnly />
          <Head {...props} column="seconds" label="Time" isRight />
          <th scope="col">Tags</th>
          <th scope="col" aria-label="actions" className="is-icon" />
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const value = headline(run);
          const rows = rowsUsed(run);
          const isComparable = run.metricName === metric;
          return (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- rows are walked by arrow keys
            <tr
              key={run.id}
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
              tabIndex={0}
              className={selected.has(run.id) ? 'is-selected' : undefined}
              aria-selected={selected.has(run.id)}
              onKeyDown={(e) => onRowKey(e, run)}
              onDoubleClick={() => onOpen(run)}
            >
              <td className="is-icon">
                <Checkbox
                  size="xs"
                  aria-label={`Select ${run.name}`}
                  checked={selected.has(run.id)}
                  onChange={() => toggle(run.id)}
                />
              </td>
              <td className="is-strong is-clip">
                <button type="button" className="runs-name" onClick={() => onOpen(run)} title={run.note || run.name}>
                  {run.name}
                </button>
                {run.note && <IconNote size={12} stroke={1.4} className="runs-note" aria-label="has a note" />}
              </td>
              <td className="is-clip" title={run.modelTitle}>
                {run.modelTitle}
              </td>
              <td>
                <i className={rows.kind === 'coreset' ? 'dot is-coreset' : 'dot is-full'} />
                {rows.text}
              </td>
              <td className="is-bar">
                {value && isComparable ? (
                  <IntervalBar
                    value={value.value}
                    low={value.low}
                    high={value.high}
                    interval={value.interval}
                    tick={run.coresetMetric && run.fullMetric ? run.fullMetric.value : undefined}
                    reference={base ?? undefined}
                    domain={domain}
                    rows={rows.kind}
                    width={120}
                  />
                ) : (
                  <Status run={run} />
                )}
              </td>
              <td className="is-right is-strong" title={run.metricName ? metricName(run.metricName).label : undefined}>
                {formatValue(value?.value)}
                {!isComparable && value && run.metricName && <small> {metricName(run.metricName).label}</small>}
              </td>
              <td className="is-right is-wide-only">
                {base != null && value && isComparable && run.id !== baseline?.id
                  ? formatSigned(value.value - base)
                  : ''}
              </td>
              <td className="is-right is-wide-only">{run.gap === null ? '' : formatSigned(run.gap)}</td>
              <td className="is-right">{run.seconds === null ? '' : formatDuration(run.seconds * 1000)}</td>
              <td className="is-clip">
                {run.tags.map((t) => (
                  <span key={t} className={t === 'candidate' ? 'run-chip is-accent' : 'run-chip'}>
                    {t}
                  </span>
                ))}
              </td>
              <td className="is-icon">
                <RowMenu {...props} run={run} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Head({
  column,
  label,
  sort,
  onSort,
  isRight = false,
  isWideOnly = false,
}: Pick<RunsTableProps, 'sort' | 'onSort'> & {
  column: SortKey;
  label: string;
  isRight?: boolean;
  isWideOnly?: boolean;
}) {
  const isOn = sort.key === column;
  const Icon = sort.isDescending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={[isRight && 'is-right', isWideOnly && 'is-wide-only'].filter(Boolean).join(' ')}
      aria-sort={isOn ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="runs-sort" onClick={() => onSort(column)}>
        {label}
        {isOn && <Icon size={12} stroke={1.6} />}
      </button>
    </th>
  );
}

const STATUS_WORDS: Readonly<Record<RunSummary['status'], string>> = {
  queued: 'waiting',
  running: 'running',
  done: '',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

function Status({ run }: { run: RunSummary }) {
  const word = STATUS_WORDS[run.status];
  if (word === '') return null;
  return (
    <span className={`runs-status is-${run.status}`} title={run.error?.message}>
      {word}
      {run.error && ` · ${run.error.message}`}
    </span>
  );
}

function RowMenu({
  run,
  isTrash,
  isReadOnly,
  onEdit,
  onTrash,
  onRestore,
  onErase,
}: RunsTableProps & { run: RunSummary }) {
  const isBusy = run.status === 'running' || run.status === 'queued';
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Actions of ${run.name}`}>
          <IconDots size={14} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isTrash ? (
          <>
            <Menu.Item
              leftSection={<IconRestore size={14} stroke={1.4} />}
              disabled={isReadOnly}
              onClick={() => onRestore(run)}
            >
              Restore
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={14} stroke={1.4} />}
              disabled={isReadOnly}
              onClick={() => onErase(run)}
            >
              Delete for ever …
            </Menu.Item>
          </>
        ) : (
          <>
            <Menu.Item
              leftSection={<IconPencil size={14} stroke={1.4} />}
              rightSection={<kbd>F2</kbd>}
              disabled={isReadOnly}
              onClick={() => onEdit(run, 'name')}
            >
              Rename …
            </Menu.Item>
            <Menu.Item
              leftSection={<IconTag size={14} stroke={1.4} />}
              disabled={isReadOnly}
              onClick={() => onEdit(run, 'tags')}
            >
              Tags …
            </Menu.Item>
            <Menu.Item
              leftSection={<IconNote size={14} stroke={1.4} />}
              disabled={isReadOnly}
              onClick={() => onEdit(run, 'note')}
            >
              Note …
            </Menu.Item>
            <Menu.Item
              leftSection={<IconTrash size={14} stroke={1.4} />}
              rightSection={<kbd>Del</kbd>}
              disabled={isReadOnly || isBusy}
              onClick={() => onTrash(run)}
            >
              Move to trash
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
