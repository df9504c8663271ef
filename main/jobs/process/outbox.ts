import type { LogLine } from '../../contract/jobs.ts';
import type { RunFinding, SeriesPoint } from '../../contract/run.ts';
import type { FromWorker } from './messages.ts';

const flushMs = 100;

/** Collects what a job tells and sends it at most ten times a second, so that telling costs the work nothing. */
export class Outbox {
  private readonly send: (message: FromWorker) => void;
  private progress: { fraction: number | null; step: string } | null = null;
  private lines: LogLine[] = [];
  private points: SeriesPoint[] = [];
  private lastFlush = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private step = '';

  constructor(send: (message: FromWorker) => void) {
    this.send = send;
  }

  report(progress: { fraction: number | null; step?: string }): void {
    this.step = progress.step ?? this.step;
    this.progress = { fraction: progress.fraction, step: this.step };
    this.schedule();
  }

  log(text: string): void {
    this.lines.push({ at: new Date().toISOString(), text });
    this.schedule();
  }

  point(series: string, step: number, value: number): void {
    this.points.push({ series, step, value });
    this.schedule();
  }

  finding(finding: RunFinding): void {
    this.send({ type: 'finding', finding });
  }

  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.lastFlush = performance.now();
    if (this.progress) this.send({ type: 'progress', ...this.progress });
    if (this.lines.length > 0) this.send({ type: 'log', lines: this.lines });
    if (this.points.length > 0) this.send({ type: 'points', points: this.points });
    this.progress = null;
    this.lines = [];
    this.points = [];
  }

  private schedule(): void {
    const due = this.lastFlush + flushMs - performance.now();
    // A timer alone would starve while the work computes without yielding.
    if (due <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), due);
  }
}
