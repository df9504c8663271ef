import type { InputColumn } from '../columnPlan.ts';
import type { PreprocessorState, RawPlan } from '../plans.ts';
import { SPELLINGS } from './inputs.ts';

/** What one graph input of an exported file takes; kept in the file as JSON, see docs/onnx.md. */
interface OnnxInput {
  readonly name: string;
  readonly as: InputColumn['as'];
  /** What the column was in the data: number, integer, time, text or boolean. */
  readonly type: InputColumn['type'];
  readonly tensor: 'float64' | 'string';
  readonly shape: readonly ['n', 1];
  readonly unit?: string;
  readonly missing: string;
  /** What becomes of a missing value. */
  readonly missingBecomes: string;
  /** Texts the model learned from by name. */
  readonly levels?: readonly string[];
  readonly unseenBecomes?: string;
  /** Texts that count as each level, and as missing. */
  readonly spellings?: typeof SPELLINGS;
}

export function inputContract({ inputs, plans }: PreprocessorState): OnnxInput[] {
  return inputs.map((input) => {
    const own = plans.filter((plan): plan is RawPlan => plan.kind !== 'product' && plan.name === input.name);
    const { name, as, type } = input;
    const shape = ['n', 1] as const;
    if (as === 'number')
      return {
        name,
        as,
        type,
        tensor: 'float64',
        shape,
        missing: 'NaN',
        ...(type === 'time' && { unit: 'seconds since 1970-01-01 00:00 UTC' }),
        ...(type === 'boolean' && { unit: '1 for true, 0 for false' }),
        missingBecomes: own.map(fillOf).find((text) => text !== undefined) ?? 'an indicator',
      };
    const plan = own[0]!;
    return {
      name,
      as,
      type,
      tensor: 'string',
      shape,
      missing: '',
      missingBecomes: missingOf(plan),
      ...('levels' in plan && { levels: plan.levels }),
      unseenBecomes: unseenOf(plan),
      ...(type === 'boolean' && { spellings: SPELLINGS }),
    };
  });
}

function fillOf(plan: RawPlan): string | undefined {
  if (plan.kind !== 'number' || plan.isIndicator) return undefined;
  return Number.isNaN(plan.fill) ? 'missing, which the model takes as it is' : String(plan.fill);
}

function missingOf(plan: RawPlan): string {
  switch (plan.kind) {
    case 'category':
      return plan.hasMissing ? 'a level of its own' : unseenOf(plan);
    case 'target':
      return plan.hasMissing ? 'the mean target of missing cells' : unseenOf(plan);
    case 'hash':
      return 'the bucket of the empty text';
    default:
      return 'a text without words';
  }
}

function unseenOf(plan: RawPlan): string {
  switch (plan.kind) {
    case 'category':
      if (plan.hasRare) return 'one of the rare levels';
      if (plan.encode === 'oneHot') return 'none of the levels';
      if (plan.unknown === undefined) return 'a gap, which the model takes as it is';
      if (plan.hasMissing) return 'a missing cell';
      return `code ${plan.unknown}`;
    case 'target':
      return 'the mean target of all rows';
    case 'hash':
      return 'the bucket of its hash';
    case 'text':
      return 'words that training did not have count for nothing';
    default:
      return 'the buckets of its words';
  }
}
