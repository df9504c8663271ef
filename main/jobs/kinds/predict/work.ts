import { readFile } from 'node:fs/promises';
import { AppError } from '../../../contract/errors.ts';
import { importFile } from '../../../data/importFile.ts';
import { nearestName } from '../../../data/nearestName.ts';
import { streamTable } from '../../../data/readTable.ts';
import { versionColumns } from '../../../data/versionFile.ts';
import { writeWithColumns, type AddedColumn } from '../../../data/writeTable.ts';
import { subtask, type TaskContext } from '../../../kernels/task.ts';
import { loadPipeline, type FittedPipeline } from '../../../models/pipeline/pipeline.ts';
import type { JobKindHandler } from '../../handlers.ts';
import { checkTypes } from './checkTypes.ts';
import type { PredictInput, PredictOutcome } from './input.ts';

const CHUNK_ROWS = 1 << 16;

/** Scores a file: its own columns as they are, then what the model says. */
export const work: JobKindHandler<PredictInput, PredictOutcome> = {
  kind: 'predict',
  async work({ pipeline: pipelineFile, path, out, threshold, note }, context) {
    const pipeline = await loadPipeline(await readFile(pipelineFile));
    if (threshold !== undefined) pipeline.refuseThreshold();
    if (note !== undefined) context.log(note);
    if (pipeline.doubt !== null) context.log(pipeline.doubt);
    const { file, nRows } = await importFile(
      path,
      {},
      context.stagingDir,
      subtask(context, 0, 0.3, 'Reading the file'),
    );
    const columns = await versionColumns(file);
    refuseMissing(
      pipeline,
      columns.map(({ name }) => name),
    );
    for (const note of await checkTypes(pipeline, file, columns)) context.log(note);
    const scores = await score(pipeline, file, nRows, threshold, subtask(context, 0.3, 0.8, 'Predicting'));
    context.report({ fraction: 0.8, step: 'Writing the predictions' });
    await writeWithColumns(file, scores, out, context.signal);
    return { nRows };
  },
};

function refuseMissing({ preprocessor }: FittedPipeline, names: readonly string[]): void {
  const missing = preprocessor.inputs.map(({ name }) => name).filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const used = new Set(preprocessor.inputs.map(({ name }) => name));
  const free = names.filter((name) => !used.has(name));
  const hints = missing.flatMap((name) => {
    const nearest = nearestName(name, free);
    return nearest ? [`"${nearest}" may be "${name}"`] : [];
  });
  throw new AppError({
    code: 'COLUMNS_MISSING',
    message: `The file has no ${missing.length === 1 ? 'column' : 'columns'} ${missing.map((name) => `"${name}"`).join(', ')}, which the model needs.`,
    fix: {
      kind: 'chooseFile',
      label:
        hints.length > 0 ? `Rename columns: ${hints.join(', ')}` : 'Choose a file with all columns the model needs',
    },
  });
}

/** Predictions of all rows: a label and a probability per class, a number, a cluster, or scores on components. */
async function score(
  pipeline: FittedPipeline,
  file: string,
  nRows: number,
  threshold: number | undefined,
  task: TaskContext,
): Promise<AddedColumn[]> {
  const { classes, preprocessor } = pipeline;
  if (pipeline.target === '' && classes.length === 0) return scoreComponents(pipeline, file, nRows, task);
  const value = new Float64Array(nRows);
  const label = classes.length > 0 ? new Int32Array(nRows) : null;
  const proba = classes.map(() => new Float64Array(nRows));
  let at = 0;
  for await (const table of streamTable(file, preprocessor.inputs, CHUNK_ROWS, task.signal)) {
    if (label) {
      const { proba: found, labels } = await pipeline.classify(table, threshold);
      label.set(labels, at);
      const { data, nCols } = found;
      for (let i = 0; i < table.nRows; i++) for (let k = 0; k < nCols; k++) proba[k]![at + i] = data[i * nCols + k]!;
    } else value.set(await pipeline.predict(table), at);
    at += table.nRows;
    task.report({ fraction: at / nRows });
    await task.yield();
  }
  const name = `predicted_${pipeline.target}`;
  if (!label) return [{ name, kind: 'number', values: value }];
  if (pipeline.target === '') return [{ name: 'cluster', kind: 'category', codes: label, levels: classes }];
  return [
    { name, kind: 'category', codes: label, levels: classes },
    ...classes.map((text, k): AddedColumn => ({ name: `probability_${text}`, kind: 'number', values: proba[k]! })),
  ];
}

async function scoreComponents(
  pipeline: FittedPipeline,
  file: string,
  nRows: number,
  task: TaskContext,
): Promise<AddedColumn[]> {
  const columns: Float64Array[] = [];
  let at = 0;
  for await (const table of streamTable(file, pipeline.preprocessor.inputs, CHUNK_ROWS, task.signal)) {
    const { data, nCols } = pipeline.scores(table)!;
    for (let c = 0; c < nCols; c++) {
      const values = (columns[c] ??= new Float64Array(nRows));
      for (let i = 0; i < table.nRows; i++) values[at + i] = data[i * nCols + c]!;
    }
    at += table.nRows;
    task.report({ fraction: at / nRows });
    await task.yield();
  }
  return columns.map((values, c): AddedColumn => ({ name: `component_${c + 1}`, kind: 'number', values }));
}
