import type { RunFinding } from '../../../contract/run.ts';
import type { OpenedBefore } from '../../../store/runs.ts';

const MAX_NAMED = 3;

/** Test rows that were opened and serve otherwise now, as the split has changed. */
export function openedRows({ nRows, runs }: OpenedBefore): RunFinding[] {
  if (nRows === 0) return [];
  const known = [...new Set(runs.map((run) => run ?? 'a run that is gone'))];
  const named = known.slice(0, MAX_NAMED).join(', ') + (known.length > MAX_NAMED ? ' and others' : '');
  const rows = nRows === 1 ? '1 row that was' : `${nRows.toLocaleString('en-US')} rows that were`;
  return [
    {
      code: 'OPENED_ROWS',
      severity: 'warning',
      title: `${rows} opened as test rows by ${named} ${nRows === 1 ? 'serves' : 'serve'} to train or validate now`,
      detail:
        'The split has changed since. What was chosen after that look is flattered on them; to keep them apart, write split as it was then, with its test and its seed.',
      remedies: [],
    },
  ];
}
