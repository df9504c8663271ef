import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { FitContext } from '../../../../main/models/estimator.ts';
import { neuralNetwork } from '../../../../main/models/network/neuralNetwork.ts';
import type { FittedNetwork } from '../../../../main/models/network/fitted.ts';

export const binary = { task: 'binary', nClasses: 2 } as const;

/** A ring around a disc in the first two of four features: no line tells them apart. */
export function ring(n: number, seed: number) {
  const rng = createRng(seed);
  const data = Float32Array.from({ length: n * 4 }, () => rng.normal());
  const y = Float64Array.from({ length: n }, (_, i) => Number(Math.hypot(data[4 * i]!, data[4 * i + 1]!) > 1.18));
  return { X: matrix(data, n, 4), y };
}

export const train = ring(1500, 5);
/** Rows that no fit is given. */
const fresh = ring(1000, 6);

export interface Outcome {
  readonly fitted: FittedNetwork;
  readonly accuracy: number;
  readonly log: readonly string[];
  readonly series: ReadonlyMap<string, readonly (readonly [number, number])[]>;
}

/** Fits the ring with everything that is said while training. */
export async function fitRing(params: object, extra: Partial<FitContext> = {}): Promise<Outcome> {
  const log: string[] = [];
  const series = new Map<string, [number, number][]>();
  const task = {
    ...quietTask,
    log: (line: string) => void log.push(line),
    point: (name: string, step: number, value: number) => {
      series.set(name, [...(series.get(name) ?? []), [step, value]]);
    },
  };
  const fitted = (await neuralNetwork
    .make({ ...params })
    .fit(train.X, train.y, binary, { rng: createRng(7), threads: 1, task, ...extra })) as FittedNetwork;
  const predicted = await fitted.predict(fresh.X);
  const right = predicted.reduce((sum, k, i) => sum + Number(k === fresh.y[i]), 0);
  return { fitted, accuracy: right / predicted.length, log, series };
}
