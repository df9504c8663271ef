/**
 * A process that looks for dependent rows in one version, says what it found, and exits: quick models would hold up the
 * engine for a second.
 */
import { AppError } from '../../contract/errors.ts';
import { analyseTarget } from '../../data/targets.ts';
import { dependenceFindings } from '../../experiment/dependence/findings.ts';
import type { DependenceAnswer, DependenceQuestion } from './ask.ts';

process.on('disconnect', () => process.exit(1));
process.on('message', ({ file, target }: DependenceQuestion) => {
  void answer(file, target).then((found) => process.send!(found, () => process.exit(0)));
});

async function answer(file: string, target: string): Promise<DependenceAnswer> {
  try {
    return { findings: await dependenceFindings(file, target, await analyseTarget(file, target, 'auto')) };
  } catch (cause) {
    // What is wrong with the target is told by the findings about it.
    return cause instanceof AppError ? { findings: [] } : { failed: String(cause) };
  }
}
