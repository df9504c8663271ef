import type { Feature } from '../estimator.ts';
import { categoryWidth } from './categoryColumn.ts';
import type { TimePart } from './dates.ts';
import type { ColumnPlan } from './plans.ts';

/** Features a plan makes. */
export function widthOf(plan: ColumnPlan): number {
  switch (plan.kind) {
    case 'number':
    case 'product':
      return 1;
    case 'category':
      return categoryWidth(plan);
    case 'target':
      return plan.outputs.length;
    case 'hash':
      return plan.buckets.length;
    case 'text':
      return plan.words.length;
    case 'hashedText':
      return plan.nBuckets;
  }
}

const PART_NAMES: Readonly<Record<TimePart, string>> = {
  value: '',
  year: ' year',
  month: ' month',
  day: ' day',
  weekday: ' weekday',
  hour: ' hour',
};

/** What the features of a plan are called. */
export function featuresOf(plan: ColumnPlan): Feature[] {
  const { name } = plan;
  switch (plan.kind) {
    case 'number': {
      if (plan.isIndicator) return [{ name: `${name} missing`, source: name, kind: 'indicator' }];
      const feature = { name: `${name}${PART_NAMES[plan.part]}`, source: name, kind: 'number' } as const;
      // After a power transform there is no one unit of the raw column.
      return [plan.power === undefined ? { ...feature, offset: plan.offset, scale: plan.scale } : feature];
    }
    case 'product':
      return [{ name, source: name, kind: 'number' }];
    case 'category': {
      const labels = [...plan.levels, ...(plan.hasRare ? ['other'] : []), ...(plan.hasMissing ? ['missing'] : [])];
      if (plan.encode === 'codes') return [{ name, source: name, kind: 'category', nLevels: labels.length }];
      return labels.map((label) => ({ name: `${name} = ${label}`, source: name, kind: 'indicator' }));
    }
    case 'target':
      return plan.outputs.map((output) => ({ name: `${name}: ${output}`, source: name, kind: 'number' }));
    case 'hash':
      return plan.buckets.map((bucket) => ({ name: `${name} #${bucket}`, source: name, kind: 'number' }));
    case 'text':
      return plan.words.map((word) => ({ name: `${name}: ${word}`, source: name, kind: 'number' }));
    case 'hashedText':
      return Array.from({ length: plan.nBuckets }, (_, b) => ({ name: `${name} #${b}`, source: name, kind: 'number' }));
  }
}
