/** Wall time since it was made, and since the last lap. */
export class Stopwatch {
  private readonly started = performance.now();
  private last = this.started;

  /** Milliseconds since the last lap. */
  lap(): number {
    const now = performance.now();
    const ms = now - this.last;
    this.last = now;
    return ms;
  }

  total(): number {
    return performance.now() - this.started;
  }
}
