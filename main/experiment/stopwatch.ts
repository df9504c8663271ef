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

/** Milliseconds of processor time that this process, with all its threads, has used since: a busy machine does not add to it. */
export function cpuClock(): () => number {
  const from = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  };
}
