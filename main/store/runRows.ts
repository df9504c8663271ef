import type { AppErrorData } from '../contract/errors.ts';
import type { MetricSet, RunDetail, RunResult, RunStatus, RunSummary } from '../contract/run.ts';
import type { Artefact } from './artefacts.ts';

/** A row of table `run`. */
export interface RunRow {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly yaml: string;
  readonly model: string;
  readonly model_title: string;
  readonly dataset: string;
  readonly target: string;
  readonly task: string;
  readonly version_id: string | null;
  readonly version_hash: string | null;
  readonly coreset_rows: number | null;
  readonly n_train: number | null;
  readonly metric_name: string | null;
  readonly gap: number | null;
  readonly seconds: number | null;
  readonly result: string | null;
  readonly error: string | null;
  readonly note: string;
  readonly trashed_at: string | null;
  readonly created_at: string;
}

/** @param metrics by the rows the model was fitted on */
export function toSummary(
  row: RunRow,
  projectId: string,
  tags: string[],
  metrics: Readonly<Record<string, MetricSet>>,
): RunSummary {
  const main = metrics['full'] ?? metrics['coreset'] ?? {};
  const valueOn = (rows: string) => (row.metric_name === null ? null : (metrics[rows]?.[row.metric_name] ?? null));
  return {
    id: row.id,
    projectId,
    number: row.number,
    name: row.name,
    status: row.status,
    model: row.model,
    modelTitle: row.model_title,
    dataset: row.dataset,
    target: row.target,
    task: row.task,
    coresetRows: row.coreset_rows,
    nTrain: row.n_train,
    metricName: row.metric_name,
    coresetMetric: valueOn('coreset'),
    fullMetric: valueOn('full'),
    metrics: Object.fromEntries(Object.entries(main).map(([name, { value }]) => [name, value])),
    gap: row.gap,
    seconds: row.seconds,
    tags,
    note: row.note,
    isTrashed: row.trashed_at !== null,
    createdAt: row.created_at,
    error: row.error === null ? null : (JSON.parse(row.error) as AppErrorData),
  };
}

export function toDetail(row: RunRow, summary: RunSummary, jobId: string | null, artefacts: Artefact[]): RunDetail {
  return {
    ...summary,
    yaml: row.yaml,
    versionId: row.version_id,
    versionHash: row.version_hash,
    result: row.result === null ? null : (JSON.parse(row.result) as RunResult),
    jobId,
    artefacts,
  };
}
