/** Gaps of one kind of sample by its size: median and 10–90 % band over draws. */
export interface FidelitySeries {
  readonly sample: 'coreset' | 'refreshed' | 'uniform' | 'stratified';
  readonly points: readonly {
    readonly size: number;
    readonly median: number;
    readonly low: number;
    readonly high: number;
    readonly nDraws: number;
  }[];
}
