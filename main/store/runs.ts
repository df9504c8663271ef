import type { AppErrorData } from '../contract/errors.ts';
import { AppError } from '../contract/errors.ts';
import { strictJson } from '../contract/strictJson.ts';
import type { RunDetail, RunResult, RunStatus, RunSummary, SeriesPoint, TestResult } from '../contract/run.ts';
import type { ArtefactStore } from './artefacts.ts';
import type { Db } from './database.ts';
import { newId, now } from './ids.ts';
import { MetricTable } from './metrics.ts';
import { type RunRow, toDetail, toSummary } from './runRows.ts';
import { TestOpenings, testSetOf } from './testOpenings.ts';

export interface NewRun {
  readonly yaml: string;
  /** Estimator type and its title. */
  readonly model: string;
  readonly modelTitle: string;
  readonly dataset: string;
  readonly target: string;
  readonly task: string;
  readonly name?: string;
  readonly versionId?: string | null;
  readonly versionHash?: string | null;
}

/** What may be learnt about a run after it was created (e.g. `task: auto` resolved, data imported). */
export type RunPatch = Partial<
  Pick<NewRun, 'yaml' | 'model' | 'modelTitle' | 'dataset' | 'target' | 'task' | 'versionId' | 'versionHash'>
>;

export interface OpenedBefore {
  readonly nRows: number;
  readonly runs: readonly (string | null)[];
}

const columnOf: Readonly<Record<keyof RunPatch, string>> = {
  yaml: 'yaml',
  model: 'model',
  modelTitle: 'model_title',
  dataset: 'dataset',
  target: 'target',
  task: 'task',
  versionId: 'version_id',
  versionHash: 'version_hash',
};

/** Runs with their parameters, metrics, curves, tags and notes. */
export class RunStore {
  private readonly db: Db;
  private readonly artefacts: ArtefactStore;
  private readonly metrics: MetricTable;
  private readonly tests: TestOpenings;
  private readonly projectId: () => string;

  constructor(db: Db, artefacts: ArtefactStore, projectId: () => string) {
    this.db = db;
    this.artefacts = artefacts;
    this.metrics = new MetricTable(db);
    this.tests = new TestOpenings(db);
    this.projectId = projectId;
  }

  /** A queued run with the next number; its name is "Run <number>" when none is given. */
  create(run: NewRun): RunSummary {
    const id = newId('run');
    this.db
      .prepare(
        `INSERT INTO run (id, number, name, status, yaml, model, model_title, dataset, target, task,
                          version_id, version_hash, created_at)
         SELECT @id, n, coalesce(@name, 'Run ' || n), 'queued', @yaml, @model, @modelTitle, @dataset, @target, @task,
                @versionId, @versionHash, @createdAt
         FROM (SELECT max(coalesce((SELECT max(number) FROM run), 0),
                          coalesce((SELECT value FROM counter WHERE name = 'run'), 0)) + 1 AS n)`,
      )
      .run({
        id,
        name: run.name ?? null,
        yaml: run.yaml,
        model: run.model,
        modelTitle: run.modelTitle,
        dataset: run.dataset,
        target: run.target,
        task: run.task,
        versionId: run.versionId ?? null,
        versionHash: run.versionHash ?? null,
        createdAt: now(),
      });
    // A number is never given twice, also when the newest run was erased.
    this.db.prepare(`INSERT OR REPLACE INTO counter SELECT 'run', number FROM run WHERE id = ?`).run(id);
    return this.summary(id);
  }

  update(runId: string, patch: RunPatch): void {
    for (const [key, value] of Object.entries(patch)) {
      this.set(runId, columnOf[key as keyof RunPatch], value ?? null);
    }
  }

  setStatus(runId: string, status: RunStatus, error: AppErrorData | null = null): void {
    this.db.prepare('UPDATE run SET status = ?, error = ? WHERE id = ?').run(status, error && strictJson(error), runId);
  }

  /** Runs that an engine left unfinished; called when no job of the project runs. */
  interruptUnfinished(): void {
    this.db.prepare(`UPDATE run SET status = 'interrupted' WHERE status IN ('queued', 'running')`).run();
  }

  /**
   * Marks a run done with its result: parameters and metrics become rows, the summary's numbers are derived. Metrics that are
   * not defined (NaN, infinite) are left out.
   * @param metricName the task's main metric, a key of the evaluations' metrics; null when there is none
   */
  complete(runId: string, given: RunResult, metricName: string | null): void {
    const result = { ...given, evaluations: given.evaluations.map(onlyDefined) };
    const gap = metricName === null ? null : (result.fidelity?.gaps[metricName]?.gap ?? null);
    this.db.transaction(() => {
      this.db
        .prepare(
          `UPDATE run SET status = 'done', error = NULL, result = @result, task = @task, target = @target,
                          coreset_rows = @coresetRows, n_train = @nTrain, metric_name = @metricName,
                          gap = @gap, seconds = @seconds WHERE id = @runId`,
        )
        .run({
          runId,
          result: strictJson(result),
          task: result.task,
          target: result.target,
          coresetRows: result.coreset?.nRows ?? null,
          nTrain: result.nTrain,
          metricName,
          gap,
          seconds: result.timings.totalMs / 1000,
        });
      this.metrics.replace(runId, result.evaluations);
      this.replaceParams(runId, result.params);
    })();
  }

  /** Newest first. */
  list(isTrashed = false): RunSummary[] {
    const rows = this.db
      .prepare<[number], RunRow>('SELECT * FROM run WHERE (trashed_at IS NOT NULL) = ? ORDER BY number DESC')
      .all(isTrashed ? 1 : 0);
    return rows.map((row) => this.toSummary(row));
  }

  summary(runId: string): RunSummary {
    return this.toSummary(this.row(runId));
  }

  detail(runId: string): RunDetail {
    const row = this.row(runId);
    const jobId = this.db
      .prepare<[string], string>('SELECT id FROM job WHERE run_id = ? ORDER BY sequence DESC')
      .pluck()
      .get(runId) as string | undefined;
    const detail = toDetail(row, this.toSummary(row), jobId ?? null, this.artefacts.list(runId));
    const opened = this.tests.of(runId);
    if (opened && detail.result)
      return {
        ...detail,
        testLooks: opened.looks,
        testLooksInPart: opened.looksInPart,
        result: { ...detail.result, test: opened },
      };
    const testSet = testSetOf(detail);
    if (testSet === null) return detail;
    const { looks, looksInPart } = this.tests.looks(runId, testSet);
    return { ...detail, testLooks: looks, testLooksInPart: looksInPart };
  }

  /** Keeps which rows a run is tested on: looks are counted by rows. */
  keepTestRows(runId: string, rows: Uint32Array): void {
    this.tests.keep(runId, rows);
  }

  /**
   * How many rows earlier runs opened as test rows that this one, tested on `test`, uses otherwise; with the names of those
   * runs, null where one is gone.
   */
  openedBefore(runId: string, nRows: number, test: Uint32Array): OpenedBefore {
    const { dataset, version_hash: versionHash, target } = this.row(runId);
    const used = this.tests.nowUsed({ dataset, versionHash: versionHash ?? '', target, nRows }, test);
    const nameOf = this.db.prepare<[string], string>('SELECT name FROM run WHERE id = ?').pluck();
    return { nRows: used.nRows, runs: used.runIds.map((id) => (nameOf.get(id) as string | undefined) ?? null) };
  }

  /**
   * Records that a run's test rows were opened, with what was measured on them. Opening them again changes nothing: the
   * first numbers stay, and the look is counted once.
   * @param rowsHash of the row numbers that were scored  @param rows themselves, where the run did not keep them
   */
  openTest(
    runId: string,
    rowsHash: string,
    measured: Pick<TestResult, 'evaluations' | 'nTest'>,
    rows?: Uint32Array,
  ): void {
    const { versionHash, dataset, target, result } = this.detail(runId);
    const evaluations = measured.evaluations.map(onlyDefined);
    const set = { dataset, versionHash: versionHash ?? '', target, rowsHash, nRows: result?.nRows ?? null };
    this.tests.add(runId, set, { ...measured, evaluations }, rows);
  }

  params(runId: string): Record<string, unknown> {
    const rows = this.db
      .prepare<[string], { name: string; value: string }>('SELECT name, value FROM param WHERE run_id = ?')
      .all(runId);
    return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value) as unknown]));
  }

  /** Adds points of live curves; a point of the same series and step is replaced, one that is not finite left out. */
  addPoints(runId: string, points: readonly SeriesPoint[]): void {
    this.metrics.addPoints(runId, points);
  }

  points(runId: string): SeriesPoint[] {
    return this.metrics.points(runId);
  }

  clearPoints(runId: string): void {
    this.db.prepare('DELETE FROM series_point WHERE run_id = ?').run(runId);
  }

  setTags(runId: string, tags: readonly string[]): void {
    this.row(runId);
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM tag WHERE run_id = ?').run(runId);
      const add = this.db.prepare('INSERT OR IGNORE INTO tag VALUES (?, ?)');
      for (const tag of tags) add.run(runId, tag);
    })();
  }

  setNote(runId: string, note: string): void {
    this.set(runId, 'note', note);
  }

  rename(runId: string, name: string): void {
    this.set(runId, 'name', name);
  }

  trash(runId: string): void {
    this.set(runId, 'trashed_at', now());
  }

  restore(runId: string): void {
    this.set(runId, 'trashed_at', null);
  }

  /** Removes a run for good, with everything that belongs to it. */
  erase(runId: string): void {
    this.row(runId);
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM job WHERE run_id = ?').run(runId);
      this.db.prepare('DELETE FROM run WHERE id = ?').run(runId);
      this.artefacts.removeAll(runId);
      this.tests.forget(runId);
    })();
  }

  private set(runId: string, column: string, value: string | null): void {
    const { changes } = this.db.prepare(`UPDATE run SET ${column} = ? WHERE id = ?`).run(value, runId);
    if (changes === 0) throw notFound();
  }

  private row(runId: string): RunRow {
    const row = this.db.prepare<[string], RunRow>('SELECT * FROM run WHERE id = ?').get(runId);
    if (!row) throw notFound();
    return row;
  }

  private replaceParams(runId: string, params: Readonly<Record<string, unknown>>): void {
    this.db.prepare('DELETE FROM param WHERE run_id = ?').run(runId);
    const add = this.db.prepare('INSERT INTO param VALUES (?, ?, ?)');
    for (const [name, value] of Object.entries(params)) add.run(runId, name, strictJson(value ?? null));
  }

  private toSummary(row: RunRow): RunSummary {
    const tags = this.db.prepare<[string], string>('SELECT tag FROM tag WHERE run_id = ?').pluck().all(row.id);
    return toSummary(row, this.projectId(), tags as string[], this.metrics.of(row.id));
  }
}

const onlyDefined = (evaluation: RunResult['evaluations'][number]) => ({
  ...evaluation,
  metrics: Object.fromEntries(Object.entries(evaluation.metrics).filter(([, { value }]) => Number.isFinite(value))),
});

function notFound(): AppError {
  return new AppError({
    code: 'RUN_NOT_FOUND',
    message: 'This run is no longer in the project.',
    fix: { kind: 'openRuns', label: 'Look at the list of runs' },
  });
}
