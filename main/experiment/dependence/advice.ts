import type { Finding } from '../../contract/data.ts';
import type { Dependence, FoundGroup } from './find.ts';
import type { FoundOrder } from './findOrders.ts';
import type { CopiesEvidence } from './nearCopies.ts';

/** A split that keeps dependent rows on one side. */
export type HonestSplit = { readonly group: string } | { readonly time: string };

/** What was found, in words, and the split that is honest; null where no column holds it. */
export interface Advice {
  readonly finding: Finding;
  readonly split: HonestSplit | null;
}

/** The strongest dependence of each kind, at most one of them with a split: two at once say nothing. */
export function adviceOn({ groups, orders, copies }: Dependence, isRegression: boolean): Advice[] {
  const order = orders.find(({ evidence }) => evidence.isAlarm);
  const group = groups.find(({ evidence, isCycle }) => evidence.kind !== null && !(isCycle && order));
  if (group) return [aboutGroup(group, isRegression)];
  if (order) return [aboutOrder(order, isRegression)];
  return copies?.isAlarm ? [aboutCopies(copies, isRegression)] : [];
}

function aboutCopies({ nClusters, randomScore, clusterScore }: CopiesEvidence, isRegression: boolean): Advice {
  return {
    split: null,
    finding: {
      code: 'GROUPS',
      severity: 'warning',
      title: 'Rows come in near-copies; no column names which belong together',
      detail: `${nClusters.toLocaleString('en-US')} clusters of rows are each far closer than chance makes them. A quick model reaches ${score(randomScore, isRegression)} on random rows and ${score(clusterScore, isRegression)} on a cluster it has not seen: a random split lets it peek. If they are repeats of one subject, patient or batch, add a column that says which and split by it.`,
      columns: [],
      patch: null,
      action: null,
    },
  };
}

function aboutGroup({ columns, form, nLevels, evidence }: FoundGroup, isRegression: boolean): Advice {
  const { kind, neighbours, constant, randomScore, groupScore, intraclass } = evidence;
  const [column] = columns;
  const isColumn = form === 'column' || form === 'number';
  const name =
    form === 'pair' ? columns.join(' with ') : form === 'prefix' ? `${column} without its last part` : column;
  const split = isColumn ? { group: column } : null;
  const areCopies = kind === 'copies' && neighbours >= 0.4;
  const known = constant === null ? 'belong together' : `share their ${constant} and more`;
  const scores = `a quick model reaches ${score(randomScore, isRegression)} on random rows and ${score(groupScore, isRegression)} on a ${name} it has not seen`;
  const why =
    kind === 'copies'
      ? `${capital(scores)}: a random split lets it peek.`
      : `What the other columns leave open agrees within a ${name} (intraclass correlation ${two(intraclass)}): rows are not independent, and a model that knows the ${name} is checked on answers it has seen.`;
  const how = !isColumn
    ? `Add a column that holds ${name} and split by it.`
    : `Keep the rows of each ${name} on one side of the split.`;
  return {
    split,
    finding: {
      code: 'GROUPS',
      severity: 'warning',
      title: `Rows of one ${name} ${areCopies ? 'are near-copies' : kind === 'copies' ? known : 'go together'}`,
      detail: `${nLevels.toLocaleString('en-US')} values repeat. ${why} ${how}`,
      columns: [...columns],
      patch: split && { 'split.group': split.group },
      action: split && `Split by ${name}`,
    },
  };
}

function aboutOrder({ by, evidence }: FoundOrder, isRegression: boolean): Advice {
  const split = { time: by ?? 'rowOrder' };
  const { randomScore, blockScore } = evidence;
  return {
    split,
    finding: {
      code: 'SPLIT_DISHONEST',
      severity: 'warning',
      title: 'A random split would flatter the model',
      detail: `Rows near each other in ${by ?? 'the file'} are alike: a quick model reaches ${score(randomScore, isRegression)} on random rows and ${score(blockScore, isRegression)} on stretches it has not seen. Validate on the last rows instead.`,
      columns: by === null ? [] : [by],
      patch: { 'split.time': split.time },
      action: by === null ? 'Split by file order' : `Split by ${by}`,
    },
  };
}

const two = (x: number): string => x.toFixed(2).replace(/^(-?)0\./, '$1.');
const score = (x: number, isRegression: boolean): string =>
  isRegression ? `${x > 0 ? two(x) : 'none'} of the variance (of ranks)` : `accuracy ${two(x)}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
