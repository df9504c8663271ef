import { takeValues } from '../../kernels/matrix.ts';
import type { Fold, Folds } from '../../tune/folds.ts';
import { Ascending } from './ascending.ts';
import { rowsOfFold, type Dealt } from './deal.ts';
import type { Foldable } from './foldable.ts';
import { holdOutBy, type HoldsOut } from './holdOut.ts';
import { learnOn, type Learned } from './learnOn.ts';

/** Rows of one fold, by position among the training rows. */
export interface FoldRows {
  readonly train: Uint32Array;
  readonly trainWeight?: Float64Array;
  /** How the fit holds rows out of them; by the rule of the split when left out. */
  readonly holdOut?: HoldsOut;
  readonly test: Uint32Array;
  readonly testWeight?: Float64Array;
}

/** Features of folds are kept from trial to trial up to so many bytes; beyond, they are written anew for each fit. */
const KEPT_BYTES = 2 ** 29;

/** Columns that would take more are sorted for each fold anew. */
const SORTED_BYTES = 2 ** 28;

/**
 * What each fold learns from the rows it trains on, all of those of the data: learned when it is first asked for, and kept.
 * Folds of a coreset, of another draw of it and of all rows share it where they are dealt alike.
 */
export class LearnedFolds {
  readonly prepared: Foldable;
  readonly dealt: Dealt;
  private readonly learned: (Learned | undefined)[] = [];
  private ascending: Ascending | undefined;

  constructor(prepared: Foldable, dealt: Dealt) {
    this.prepared = prepared;
    this.dealt = dealt;
  }

  of(fold: number): Learned {
    const known = this.learned[fold];
    if (known) return known;
    const { dealt } = this;
    this.ascending ??= this.sortable();
    // Sides are told by the fold that scores them, and the earliest stretch, which none scores, comes first.
    const ascending = this.ascending?.of((side) => (dealt.isForward ? side - 1 < fold : side - 1 !== fold));
    const learned = learnOn(this.prepared, rowsOfFold(dealt, fold).train, ascending);
    this.learned[fold] = learned;
    // The orders of large columns are needed no more.
    if (this.learned.filter(Boolean).length === this.dealt.nFolds) this.ascending = undefined;
    return learned;
  }

  private sortable(): Ascending | undefined {
    const { prepared, dealt } = this;
    const { table, train } = prepared;
    const nNumbers = table.columns.filter(({ kind }) => kind === 'number').length;
    if (8 * nNumbers * train.rowIds.length > SORTED_BYTES) return undefined;
    const side = dealt.part.map((part) => dealt.scoredBy[part]! + 1);
    return new Ascending(table, train.rowIds, side, dealt.nFolds + 1);
  }
}

/** Folds whose features are learned inside each of them, made when they are gone through. */
export class MadeFolds implements Folds {
  readonly length: number;
  private readonly learned: LearnedFolds;
  private readonly rowsOf: (fold: number) => FoldRows;
  private readonly kept: (Fold | undefined)[] = [];
  private bytes = 0;

  /** @param rowsOf rows of each fold, among those that `learned` deals to its two sides */
  constructor(learned: LearnedFolds, rowsOf: (fold: number) => FoldRows) {
    this.length = learned.dealt.nFolds;
    this.learned = learned;
    this.rowsOf = rowsOf;
  }

  *[Symbol.iterator](): Iterator<Fold> {
    for (let k = 0; k < this.length; k++) {
      const fold = this.kept[k] ?? this.make(k);
      const size = fold.trainX.data.byteLength + fold.testX.data.byteLength;
      if (!this.kept[k] && this.bytes + size <= KEPT_BYTES) {
        this.kept[k] = fold;
        this.bytes += size;
      }
      yield fold;
    }
  }

  private make(k: number): Fold {
    const { rule, target, train: rows } = this.learned.prepared;
    const { train, test, trainWeight, testWeight, holdOut: own } = this.rowsOf(k);
    const trainY = takeValues(rows.y, train);
    const holdOut = own ?? holdOutBy(rule, () => train, target.task === 'regression' ? null : trainY);
    const { preprocessor, known, others } = this.learned.of(k);
    return {
      features: preprocessor.features,
      trainX: known(train),
      trainY,
      ...(trainWeight && { trainWeight }),
      ...(holdOut && { holdOut }),
      testX: others(test),
      testY: takeValues(rows.y, test),
      ...(testWeight && { testWeight }),
    };
  }
}
