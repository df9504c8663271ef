import type { PreprocessConfig } from '../../contract/config.ts';
import type { CategoryColumn } from '../../kernels/table.ts';
import { countLevels } from './categoryColumn.ts';
import { crossEncode, encodeLevels, nOutputsOf, type Smoothing, type TrainingTarget } from './targetEncoding.ts';

/** How one category column becomes the mean target of its levels. */
export interface TargetPlan {
  readonly kind: 'target';
  readonly name: string;
  /** Levels with an encoding of their own, in sorted order. */
  readonly levels: readonly string[];
  /** Training had missing cells: they are a level of their own, the last one. */
  readonly hasMissing: boolean;
  readonly smoothing: Smoothing;
  /** Shape (levels, then missing if there is one, then anything else; outputs). Before scaling. */
  readonly values: readonly number[];
  /** What each output is the mean of, e.g. `share of yes`. */
  readonly outputs: readonly string[];
  /** Feature = (value − offset) / scale, per output. */
  readonly offsets: readonly number[];
  readonly scales: readonly number[];
}

/** Learns encodings from all rows, and scaling from those the training rows get. Null when one thing only was seen. */
export function fitTargetColumn(
  column: CategoryColumn,
  target: TrainingTarget,
  config: PreprocessConfig,
  isNative: boolean,
): TargetPlan | null {
  const { counts, nMissing } = countLevels(column);
  const seen = [...counts.keys()].filter((code) => counts[code]! > 0);
  if (seen.length + (nMissing > 0 ? 1 : 0) <= 1 && config.dropConstant) return null;
  const nOutputs = nOutputsOf(target.info);
  const plan: TargetPlan = {
    kind: 'target',
    name: column.name,
    levels: seen.filter((code) => counts[code]! >= config.minLevelCount).map((code) => column.levels[code]!),
    hasMissing: nMissing > 0,
    smoothing: config.targetSmoothing,
    values: [],
    outputs: outputNames(target.info),
    offsets: Array.from({ length: nOutputs }, () => 0),
    scales: Array.from({ length: nOutputs }, () => 1),
  };
  const fitted = withEncodings(plan, column, target);
  // Means have no unit to keep: any scaling standardises them.
  return isNative || config.scale === 'none'
    ? fitted
    : { ...fitted, ...scalingOf(crossFitted(plan, column, target), nOutputs) };
}

function outputNames(info: TrainingTarget['info']): string[] {
  if (info.task === 'regression') return ['mean of target'];
  const nameOf = (k: number) => `share of ${info.classNames?.[k] ?? `class ${k}`}`;
  return nOutputsOf(info) === 1 ? [nameOf(1)] : Array.from({ length: info.nClasses }, (_, k) => nameOf(k));
}

/** The plan with encodings learned from the rows. */
function withEncodings(plan: TargetPlan, column: CategoryColumn, target: TrainingTarget): TargetPlan {
  const { values, prior } = encodeLevels(rowLevels(plan, column), nLevelsOf(plan), target, plan.smoothing);
  return { ...plan, values: [...values, ...prior] };
}

/** What the training rows themselves get, before scaling, shape (nRows, nOutputs). */
export function crossFitted(plan: TargetPlan, column: CategoryColumn, target: TrainingTarget): Float64Array {
  return crossEncode(rowLevels(plan, column), nLevelsOf(plan), target, plan.smoothing);
}

const nLevelsOf = ({ levels, hasMissing }: TargetPlan): number => levels.length + (hasMissing ? 1 : 0);

/** Place of each row in the plan's levels, shape (nRows,); −1 for none of them. */
export function rowLevels(plan: TargetPlan, column: CategoryColumn): Int32Array {
  const place = new Map(plan.levels.map((level, i) => [level, i]));
  const places = column.levels.map((level) => place.get(level) ?? -1);
  const missing = plan.hasMissing ? plan.levels.length : -1;
  return column.codes.map((code) => (code < 0 ? missing : places[code]!));
}

/** Scaled values as float32, shape as `values`: (…, nOutputs). */
export function targetFeatures({ offsets, scales }: TargetPlan, values: ArrayLike<number>): Float32Array {
  return Float32Array.from(values, (value, at) => {
    const k = at % offsets.length;
    return (value - offsets[k]!) / scales[k]!;
  });
}

function scalingOf(values: Float64Array, nOutputs: number): { offsets: number[]; scales: number[] } {
  const n = values.length / nOutputs;
  const offsets = Array.from({ length: nOutputs }, () => 0);
  const squares = Array.from({ length: nOutputs }, () => 0);
  values.forEach((v, at) => (offsets[at % nOutputs]! += v / n));
  values.forEach((v, at) => (squares[at % nOutputs]! += (v - offsets[at % nOutputs]!) ** 2 / n));
  // A spread of rounding errors is none.
  const scales = squares.map((s, k) => (Math.sqrt(s) > 1e-12 * Math.abs(offsets[k]!) ? Math.sqrt(s) : 1));
  return { offsets, scales };
}
