import type { Job } from '../../contract/jobs.ts';

const barWidth = 28;

/** Shows how a job goes on stderr: one line redrawn on a terminal, a line per step and tenth elsewhere. */
export class ProgressPrinter {
  private readonly isTerminal = process.stderr.isTTY === true;
  private lastLine = '';
  private lastStep = '';
  private lastTenth = -1;
  private lastDraw = 0;

  show({ state }: Job): void {
    if (state.status !== 'running') return;
    const { fraction, step, secondsLeft } = state;
    const left = secondsLeft === null ? '' : `, ${describeSeconds(secondsLeft)} left`;
    if (this.isTerminal) {
      if (performance.now() - this.lastDraw < 80) return;
      this.lastDraw = performance.now();
      const percent = fraction === null ? '   …' : `${String(Math.round(100 * fraction)).padStart(3)} %`;
      this.draw(`${bar(fraction)} ${percent}  ${step}${left}`);
      return;
    }
    const tenth = fraction === null ? -1 : Math.floor(10 * fraction);
    if (step === this.lastStep && tenth <= this.lastTenth) return;
    this.lastStep = step;
    this.lastTenth = tenth;
    process.stderr.write(`${fraction === null ? '' : `${Math.round(100 * fraction)} % `}${step}${left}\n`);
  }

  /** Takes the bar away; what is written next starts on a clean line. */
  clear(): void {
    if (this.isTerminal && this.lastLine !== '') this.draw('');
  }

  private draw(line: string): void {
    const text = line.slice(0, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(`\r${text.padEnd(this.lastLine.length)}${line === '' ? '\r' : ''}`);
    this.lastLine = text;
  }
}

function bar(fraction: number | null): string {
  const full = Math.round((fraction ?? 0) * barWidth);
  return `[${'='.repeat(full)}${' '.repeat(barWidth - full)}]`;
}

function describeSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
