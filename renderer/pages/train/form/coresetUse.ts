export type CoresetUse = 'auto' | 'always' | 'never';

/** What the form offers, and what each choice writes into the file. */
export const USES: readonly {
  readonly name: CoresetUse;
  readonly label: string;
  readonly help: string;
  readonly value: unknown;
}[] = [
  {
    name: 'auto',
    label: 'whichever costs less',
    help: 'Both ways are estimated before the start: a coreset where it makes the run cheaper, else all rows',
    value: 'auto',
  },
  {
    name: 'always',
    label: 'a coreset, checked on all rows',
    help: 'The search runs on a coreset; the winner is fitted on all rows too',
    value: { size: 2000, seed: 42 },
  },
  { name: 'never', label: 'all rows only', help: 'No coreset is built', value: false },
];

/** What the file's `coreset` means; left out, the choice is Pith's. */
export function coresetUse(value: unknown): CoresetUse {
  if (value === false) return 'never';
  return typeof value === 'object' && value !== null ? 'always' : 'auto';
}
