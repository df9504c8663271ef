import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { createHash } from 'node:crypto';
import type { RunConfig } from '../../contract/config.ts';
import type { SeriesPoint } from '../../contract/run.ts';
import { pack, unpack } from '../../kernels/pack.ts';
import type { Checkpoints, FittedState } from '../../models/estimator.ts';
import type { Part } from '../rows/prepare.ts';
import type { Tuned } from '../tuned.ts';

/** Time between two checkpoints: what an interruption costs at most, beyond the epoch it fell into. */
const EVERY_MS = 2000;

interface Kept {
  readonly fingerprint: string;
  readonly tuned: Tuned;
  /** Milliseconds the fit had taken, over all its sittings. */
  readonly spentMs: number;
  /** Validation curves so far: the estimator, which knows no targets of these rows, cannot tell them again. */
  readonly curve: readonly SeriesPoint[];
  readonly state: Pick<FittedState, 'type' | 'version' | 'json'>;
}

/** What an earlier sitting of this run left behind. */
interface Found extends Omit<Kept, 'state'> {
  readonly state: FittedState;
}

/**
 * The fit on all rows as far as it has come, in a file of the run's that outlives its job. It counts only for the same
 * configuration and the same prepared rows; a file that is damaged, of another Pith or of other rows is as good as none.
 */
export class ResumeFile {
  private readonly file: string;
  private readonly config: RunConfig;
  private readonly rows: () => readonly Part[];
  private known: string | undefined;

  constructor(file: string, config: RunConfig, rows: () => readonly Part[]) {
    this.file = file;
    this.config = config;
    this.rows = rows;
  }

  find(): Found | null {
    if (!existsSync(this.file)) return null;
    try {
      const { json, arrays } = unpack(readFileSync(this.file));
      const { meta, ...own } = arrays;
      // Not JSON: losses may be NaN or infinite.
      const kept = deserialize(meta as Uint8Array) as Kept;
      if (json !== FORMAT || kept.fingerprint !== this.fingerprint()) return null;
      return { ...kept, state: { ...kept.state, arrays: own } };
    } catch {
      return null;
    }
  }

  /**
   * For a fit that starts now, after `found` where there is something to go on from.
   * @param curve the points of its validation curves, as they stand whenever a checkpoint is saved
   */
  checkpoints(
    tuned: Tuned,
    found: Found | null,
    curve: readonly SeriesPoint[],
    log: (line: string) => void,
  ): Checkpoints {
    const started = performance.now();
    let last = started;
    let isWritable = true;
    return {
      ...(found && { resumeFrom: found.state }),
      isDue: () => isWritable && performance.now() - last >= EVERY_MS,
      save: async (state) => {
        try {
          const spentMs = (found?.spentMs ?? 0) + performance.now() - started;
          await this.write({ fingerprint: this.fingerprint(), tuned, spentMs, curve }, state);
        } catch (cause) {
          // A full disk is no reason to give up a fit; it only cannot be resumed from here.
          isWritable = false;
          log(`The fit goes on without checkpoints: ${cause instanceof Error ? cause.message : String(cause)}`);
        }
        last = performance.now();
      },
    };
  }

  private async write(about: Omit<Kept, 'state'>, { arrays, ...state }: FittedState): Promise<void> {
    const kept: Kept = { ...about, state };
    await mkdir(path.dirname(this.file), { recursive: true });
    const partial = `${this.file}.partial`;
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(pack(FORMAT, { ...arrays, meta: Uint8Array.from(serialize(kept)) }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Whole or not at all, whenever the power goes.
    await rename(partial, this.file);
  }

  private fingerprint(): string {
    if (this.known !== undefined) return this.known;
    const hash = createHash('sha256').update(JSON.stringify(this.config));
    for (const { X, y } of this.rows()) {
      hash.update(`${X.nRows} ${X.nCols}`).update(X.data).update(y);
    }
    return (this.known = hash.digest('hex'));
  }
}

/** 2: networks hold rows out of the training rows, so that what 1 has was trained on other ones. */
const FORMAT = 'run.checkpoint 2';
