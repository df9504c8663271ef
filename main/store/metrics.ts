import type { Evaluation, MetricSet, MetricValue, SeriesPoint } from '../contract/run.ts';
import type { Db } from './database.ts';

interface MetricRow {
  rows: string;
  name: string;
  value: number;
  low: number | null;
  high: number | null;
  interval: MetricValue['interval'] | null;
}

/** Final metrics of runs, and the points of their live curves. */
export class MetricTable {
  private readonly db: Db;

  constructor(db: Db) {
    this.db = db;
  }

  /** Puts the metrics of `evaluations`, which are finite, in place of those there are. */
  replace(runId: string, evaluations: readonly Evaluation[]): void {
    this.db.prepare('DELETE FROM metric WHERE run_id = ?').run(runId);
    const add = this.db.prepare('INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (const { rows, metrics } of evaluations) {
      for (const [name, { value, low, high, interval }] of Object.entries(metrics)) {
        add.run(runId, rows, name, value, low ?? null, high ?? null, interval ?? null);
      }
    }
  }

  /** By the rows the model was fitted on, then by name. */
  of(runId: string): Record<string, MetricSet> {
    const found: Record<string, MetricSet> = {};
    const rows = this.db
      .prepare<[string], MetricRow>('SELECT rows, name, value, low, high, interval FROM metric WHERE run_id = ?')
      .all(runId);
    for (const { rows: fitRows, name, value, low, high, interval } of rows) {
      const metric: MetricValue = {
        value,
        ...(low !== null && { low }),
        ...(high !== null && { high }),
        ...(interval !== null && { interval }),
      };
      (found[fitRows] ??= {})[name] = metric;
    }
    return found;
  }

  addPoints(runId: string, points: readonly SeriesPoint[]): void {
    const add = this.db.prepare('INSERT OR REPLACE INTO series_point VALUES (?, ?, ?, ?)');
    this.db.transaction(() => {
      for (const { series, step, value } of points) {
        if (Number.isFinite(value) && Number.isFinite(step)) add.run(runId, series, step, value);
      }
    })();
  }

  /** In order of series, then step. */
  points(runId: string): SeriesPoint[] {
    return this.db
      .prepare<[string], SeriesPoint>('SELECT series, step, value FROM series_point WHERE run_id = ?')
      .all(runId);
  }
}
