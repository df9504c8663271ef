import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '../../../contract/errors.ts';
import { readTable } from '../../../data/readTable.ts';
import { said, type Said } from '../../../evaluate/scorer.ts';
import { readPredictions } from '../../../experiment/predictions/read.ts';
import { takeTableRows, type Table } from '../../../kernels/table.ts';
import { compareOnnx } from '../../../models/pipeline/compareOnnx.ts';
import { loadPipeline, type FittedPipeline } from '../../../models/pipeline/pipeline.ts';
import { asKnownFailure } from '../../../store/failures.ts';
import type { JobKindHandler } from '../../handlers.ts';
import type { ExportInput, ExportOutcome } from './input.ts';

/** Rows of the version that a file is compared on where the run kept no predictions. */
const MOST_ROWS = 10_000;
/** A file whose numbers are further from the model's than this is refused; below it, how far they are is told. */
const REFUSED_FROM = 1e-3;

/** Writes a model as ONNX, after the file has said of the run's validation rows what the saved model says of them. */
export const work: JobKindHandler<ExportInput, ExportOutcome> = {
  kind: 'export',
  async work({ pipeline: pipelineFile, file, predictions, rows, out, threshold, note }, context) {
    const pipeline = await loadPipeline(await readFile(pipelineFile));
    if (threshold !== undefined) pipeline.refuseThreshold();
    if (note !== undefined) context.log(note);
    if (pipeline.doubt !== null) context.log(pipeline.doubt);
    context.report({ fraction: 0.1, step: 'Writing the model as ONNX' });
    const bytes = pipeline.toOnnx(threshold);
    context.report({ fraction: 0.2, step: 'Reading the validation rows' });
    // Nothing is kept of what a final model says, since it saw these rows: which they are, the baseline's know as well.
    const kept = predictions === null ? null : await readPredictions(predictions, rows === 'final' ? 'baseline' : rows);
    const table = await readTable(file, pipeline.preprocessor.inputs, kept?.rowIds);
    if (kept && rows !== 'final') await refuseOther(pipeline, table, kept.said);
    context.report({ fraction: 0.5, step: 'Comparing the file with the model' });
    const found = await compareOnnx(pipeline, bytes, kept ? table : evenly(table), threshold);
    if (found.nDifferentLabels > 0 || !(found.largestDifference <= REFUSED_FROM)) {
      throw new AppError({
        code: 'EXPORT_DIFFERS',
        message: `Nothing was exported. ${found.sentence}`,
        isInput: false,
        fix: { kind: 'predict', label: 'Score files with Pith itself, which uses the model as it was saved' },
      });
    }
    context.log(found.sentence);
    try {
      await writeFile(`${out}.part`, bytes);
      await rename(`${out}.part`, out);
    } catch (cause) {
      await rm(`${out}.part`, { force: true });
      throw asKnownFailure(cause);
    }
    return { bytes: bytes.length };
  },
};

/** Throws AppError EXPORT_DIFFERS unless the saved model says of the validation rows what the run kept of it. */
async function refuseOther(pipeline: FittedPipeline, table: Table, kept: Said): Promise<void> {
  const now = await said(pipeline.fitted, pipeline.preprocessor.transform(table));
  const [ours, theirs] = [numbersOf(now), numbersOf(kept)];
  const nCols = ours.length / table.nRows;
  const different = new Set<number>();
  ours.forEach((v, i) => {
    if (Math.abs(v - theirs[i]!) > 1e-9 * Math.max(1, Math.abs(v))) different.add(Math.floor(i / nCols));
  });
  if (different.size === 0) return;
  throw new AppError({
    code: 'EXPORT_DIFFERS',
    message: `The saved model says of ${different.size} of ${table.nRows} validation rows something else than the run recorded, so it was not exported.`,
    isInput: false,
    fix: { kind: 'repeat', label: 'Run the configuration again' },
  });
}

const numbersOf = (said: Said) => ('proba' in said ? said.proba.data : said.predicted);

/** All rows, or some of them spread over the version. */
function evenly(table: Table): Table {
  if (table.nRows <= MOST_ROWS) return table;
  const rows = Uint32Array.from({ length: MOST_ROWS }, (_, i) => Math.floor((i * table.nRows) / MOST_ROWS));
  return takeTableRows(table, rows);
}
