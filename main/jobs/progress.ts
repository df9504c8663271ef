/**
 * Turns reported fractions into the time left. Two rates are blended, that of the whole job and that of the last
 * 20 s, so that a slow first step neither spoils the estimate for good nor makes it jump.
 */
export class ProgressClock {
  private readonly startedAt: number;
  private samples: { at: number; fraction: number }[] = [];
  private best: number | null = null;

  /** @param at milliseconds on any steady clock */
  constructor(at: number) {
    this.startedAt = at;
  }

  /** The fraction never goes back; null (total unknown) keeps what was known. */
  add(at: number, fraction: number | null): number | null {
    if (fraction === null) return this.best;
    this.best = Math.max(this.best ?? 0, Math.min(1, fraction));
    this.samples.push({ at, fraction: this.best });
    this.samples = this.samples.filter((sample) => sample.at > at - 20_000);
    return this.best;
  }

  /** Seconds left, or null while too little is known (first second, or under 1 %). */
  secondsLeft(at: number): number | null {
    const elapsed = at - this.startedAt;
    if (this.best === null || this.best < 0.01 || elapsed < 1000) return null;
    if (this.best >= 1) return 0;
    const overall = this.best / elapsed;
    const first = this.samples[0]!;
    const recent = at - first.at > 2000 ? (this.best - first.fraction) / (at - first.at) : overall;
    return (1 - this.best) / ((overall + recent) / 2) / 1000;
  }
}
