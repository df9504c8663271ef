import type { FittedState } from '../estimator.ts';
import type { Checkpoint } from './trainer.ts';

type CheckpointJson = Pick<Checkpoint, 'progress' | 'history' | 'firstLoss' | 'steps'>;

/** A checkpoint in the form states are kept in. */
export function checkpointState({ state, best, ...json }: Checkpoint): FittedState {
  const arrays: Record<string, Float32Array> = {
    theta: state.theta,
    running: state.running,
    bestTheta: best.theta,
    bestRunning: best.running,
  };
  state.averages.forEach((values, k) => (arrays[`average${k}`] = values));
  return { type: 'neuralNetwork.checkpoint', version: 2, json: json satisfies CheckpointJson, arrays };
}

/** The inverse of `checkpointState`. */
export function restoreCheckpoint({ json, arrays }: FittedState): Checkpoint {
  const of = (name: string) => arrays[name] as Float32Array;
  const averages = Object.keys(arrays)
    .filter((name) => name.startsWith('average'))
    .toSorted()
    .map(of);
  return {
    ...(json as CheckpointJson),
    state: { theta: of('theta'), averages, running: of('running') },
    best: { theta: of('bestTheta'), running: of('bestRunning') },
  };
}
