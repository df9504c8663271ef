import { RunConfig } from '../../main/contract/config.ts';
import type { ExperimentOutcome } from '../../main/experiment/outcome.ts';
import { runExperiment } from '../../main/experiment/run.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { estimatorEntry } from '../../main/models/registry.ts';
import { tempDir } from './tempDir.ts';
import { versionOf } from './tableFile.ts';
import { workContext } from './workContext.ts';

/** An outcome with the data and the configuration it came from. */
export interface Experiment extends ExperimentOutcome {
  readonly file: string;
  readonly config: RunConfig;
  readonly path: (artefact: string) => string;
}

/** Runs a configuration on a table, as a job does, without a job. */
export async function experimentOn(
  csv: string,
  config: { readonly model: { readonly type: string; readonly params?: object } } & Readonly<Record<string, unknown>>,
  threads = 1,
): Promise<Experiment> {
  const parsed = RunConfig.parse(config);
  const { file } = await versionOf(csv);
  const entry = await estimatorEntry(parsed.model.type);
  const outcome = await runExperiment(file, parsed, entry, 0, { ...workContext(tempDir()), threads });
  const path = (name: string) => {
    const found = outcome.artefacts.find((artefact) => artefact.name === name);
    if (!found) throw new Error(`no artefact ${name}`);
    return found.file;
  };
  return { ...outcome, file, config: parsed, path };
}

/**
 * Numbers (one with gaps that the target depends on, one without), a category with a rare and a missing level, and
 * targets of two classes (`two`), of three (`three`) and of numbers (`amount`) that follow from them.
 */
export function mixedTable(nRows: number): string {
  const rng = createRng(5);
  const lines = ['gaps,plain,kind,two,three,amount'];
  for (let i = 0; i < nRows; i++) {
    const [a, b] = [rng.normal(), rng.normal()];
    const isGap = rng.uniform() < 0.2;
    const kind = rng.uniform() < 0.1 ? '' : i === 7 ? 'once' : ['red', 'blue', 'green'][rng.int(3)]!;
    const pull = (isGap ? 1.5 : a) + 0.5 * b + (kind === 'red' ? 1 : 0);
    const noisy = pull + 0.7 * rng.normal();
    const three = noisy < 0 ? 'low' : noisy < 1.2 ? 'mid' : 'high';
    lines.push(
      [isGap ? '' : a.toFixed(4), b.toFixed(4), kind, noisy > 0.6 ? 'yes' : 'no', three, noisy.toFixed(3)].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}
