import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FitRows } from '../../contract/run.ts';
import type { Fitted } from '../../models/estimator.ts';
import { loadPipeline, type FittedPipeline } from '../../models/pipeline/pipeline.ts';
import type { ExperimentOutcome } from '../outcome.ts';

/** A model in memory, as it was fitted on some rows; only its saved file is asked anything (see `sealAll`). */
export interface FittedOn {
  readonly rows: FitRows;
  readonly fitted: Fitted;
  readonly nFitRows: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
}

/**
 * A model as it was read back from its file. There is no other way to make one, and evaluation takes nothing else: what a
 * run reports is what the saved model says.
 */
export class Sealed {
  readonly rows: FitRows;
  readonly pipeline: FittedPipeline;
  readonly nFitRows: number;
  readonly cpuMs: number;
  /** Where it was read from, in the staging folder. */
  readonly #file: string;

  private constructor({ rows, nFitRows, cpuMs }: FittedOn, pipeline: FittedPipeline, file: string) {
    this.rows = rows;
    this.nFitRows = nFitRows;
    this.cpuMs = cpuMs;
    this.pipeline = pipeline;
    this.#file = file;
  }

  /**
   * Saves a model to `folder` and reads it back.
   * @param pipelineOf the model with everything from raw columns on
   */
  static async seal(model: FittedOn, pipelineOf: (fitted: Fitted) => FittedPipeline, folder: string): Promise<Sealed> {
    const file = path.join(folder, `pipeline-${model.rows}`);
    await writeFile(file, pipelineOf(model.fitted).save());
    return new Sealed(model, await loadPipeline(await readFile(file)), file);
  }

  /** What the run keeps: models that people use. The files of the others are swept with the staging folder. */
  get artefact(): ExperimentOutcome['artefacts'][number] | null {
    const isKept = this.rows === 'coreset' || this.rows === 'full';
    return isKept ? { name: `pipeline-${this.rows}`, file: this.#file } : null;
  }
}

/** Saves the models and reads them back; those in memory are let go of one by one, and `fits` is empty afterwards. */
export async function sealAll(
  fits: FittedOn[],
  pipelineOf: (fitted: Fitted) => FittedPipeline,
  folder: string,
): Promise<Sealed[]> {
  const sealed: Sealed[] = [];
  for (let fit = fits.shift(); fit; fit = fits.shift()) sealed.push(await Sealed.seal(fit, pipelineOf, folder));
  return sealed;
}
