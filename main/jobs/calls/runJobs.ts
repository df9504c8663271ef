import { basename } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { RunConfig } from '../../contract/config.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';
import type { ExportInput } from '../kinds/export/input.ts';
import type { PredictInput } from '../kinds/predict/input.ts';
import type { RunInput } from '../kinds/run/input.ts';

/** Calls that start a run or use its models. */
export const runJobsCalls = {
  'run.start': async ({ projectId, yaml }, engine) => {
    const { store } = engine.writableProject(projectId);
    const { requireConfig } = await import('../config/checkConfig.ts');
    const { columnsOf } = await import('../config/dataSource.ts');
    const { estimatorEntry } = await import('../../models/registry.ts');
    const config = await requireConfig(yaml, (data) => columnsOf(store, data));
    const source = await sourceOf(engine, projectId, config);
    const { spec } = await estimatorEntry(config.model.type);
    const run = store.transaction(() =>
      store.runs.create({
        yaml,
        model: spec.type,
        modelTitle: spec.title,
        dataset: source.dataset,
        target: config.data.target,
        task: config.data.task,
        ...(config.name !== undefined && { name: config.name }),
        ...source.version,
      }),
    );
    const input: RunInput = { config, data: source.data };
    const job = engine.submit({
      projectId,
      kind: 'run',
      title: `${run.name} · ${spec.title.toLowerCase()} on ${source.dataset}`,
      input,
      runId: run.id,
      isResumable: true,
    });
    engine.emit({ type: 'changed', projectId, what: 'runs' });
    return { runId: run.id, jobId: job.id };
  },
  'run.export': ({ projectId, runId, path, rows, threshold }, engine) => {
    const { store } = engine.project(projectId);
    const { name, versionHash } = store.runs.detail(runId);
    const model = modelOf(engine, projectId, runId, rows);
    const out = engine.resolveOutput(path, `${name}.onnx`);
    const hasPredictions = store.artefacts.find(runId, 'predictions') !== undefined;
    const input: ExportInput = {
      pipeline: model.file,
      rows: model.rows,
      file: store.files.dataPath(versionHash ?? ''),
      predictions: hasPredictions ? store.artefacts.path(runId, 'predictions') : null,
      out,
      threshold,
      note: model.note,
    };
    const job = engine.submit({ projectId, kind: 'export', title: `Export ${name} as ONNX`, input });
    return { jobId: job.id, path: out, downloadToken: path === undefined ? engine.offerDownload(out) : null };
  },
  'run.predict': async ({ projectId, runId, file, path, rows, threshold }, engine) => {
    const { store } = engine.project(projectId);
    const from = await engine.resolveFile(file);
    const { name } = store.runs.summary(runId);
    const source = basename(from);
    const out = engine.resolveOutput(path, `${source.replace(/\.\w+$/, '')}-predicted.csv`);
    const model = modelOf(engine, projectId, runId, rows);
    const input: PredictInput = { pipeline: model.file, path: from, out, threshold, note: model.note };
    const job = engine.submit({ projectId, kind: 'predict', title: `Predict ${source} with ${name}`, input });
    return { jobId: job.id, downloadToken: path === undefined ? engine.offerDownload(out) : null };
  },
} satisfies CallHandlers;

/** The rows a run learns from: a version of the project, or a file it imports first. */
async function sourceOf(engine: EngineContext, projectId: string, { data }: RunConfig) {
  const { store } = engine.project(projectId);
  const { versionOf, datasetName } = await import('../config/dataSource.ts');
  const found = versionOf(store, data);
  if (found) {
    const { hash, id } = found.version;
    return {
      dataset: found.dataset.name,
      version: { versionId: id, versionHash: hash },
      data: { kind: 'version' as const, file: store.files.dataPath(hash), hash },
    };
  }
  const path = await engine.resolveFile({ kind: 'path', path: data.path ?? '' });
  const name = datasetName(path);
  return {
    dataset: name,
    version: {},
    data: { kind: 'file' as const, path, source: basename(path), name, options: data.read ?? {} },
  };
}

/**
 * A run's saved pipeline, which of its models that is, and what is said where it is not the one that was measured; throws
 * AppError RUN_NOT_DONE, ARTEFACT_NOT_FOUND.
 */
function modelOf(
  engine: EngineContext,
  projectId: string,
  runId: string,
  asked: 'coreset' | 'full' | 'final' | undefined,
) {
  const { store } = engine.project(projectId);
  const { status, name, result } = store.runs.detail(runId);
  if (status !== 'done') {
    throw new AppError({
      code: 'RUN_NOT_DONE',
      message: `"${name}" has no model, because it is ${status}.`,
      fix: { kind: 'openRuns', label: 'Choose a finished run' },
    });
  }
  const has = (which: string) => store.artefacts.find(runId, `pipeline-${which}`) !== undefined;
  const wanted = asked ?? (has('final') ? 'final' : 'full');
  // Where all rows were too many for the model, that of the coreset is the one there is.
  const rows = wanted === 'full' && !has('full') && has('coreset') ? 'coreset' : wanted;
  const note = rows === 'final' ? result?.final?.note : undefined;
  return { rows, file: store.artefacts.path(runId, `pipeline-${rows}`), note };
}
