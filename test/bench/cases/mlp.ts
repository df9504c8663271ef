import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../main/models/estimator.ts';
import { neuralNetwork } from '../../../main/models/network/neuralNetwork.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { tableData, type TableData } from '../helpers/tableData.ts';

interface Peers {
  readonly cases: Readonly<Record<string, { readonly fit: number; readonly loss: number }>>;
}

const networks = [
  { layers: [64, 32], batch: 128, epochs: 5 },
  { layers: [64, 32], batch: 1024, epochs: 5 },
  { layers: [512, 512], batch: 128, epochs: 2 },
  { layers: [512, 512], batch: 1024, epochs: 2 },
  { layers: [256, 128], batch: 128, epochs: 5, isImages: true },
] as const;

export const mlp: Bench = {
  name: 'mlp',
  description: 'Train networks, 20,000 × 54 and 60,000 × 784, beside PyTorch and scikit-learn',
  async run({ nRuns, threads, tempDir, peer }) {
    const tables = { plain: await tableData(tempDir, 20_000, 54), images: await images(tempDir) };
    const rows = [];
    for (const network of networks) {
      const { layers, batch, epochs } = network;
      const isImages = 'isImages' in network;
      const { X, y, file } = isImages ? tables.images : tables.plain;
      const target: TargetInfo = isImages ? { task: 'multiclass', nClasses: 10 } : { task: 'binary', nClasses: 2 };
      // Images take long: fewer repetitions.
      const runs = isImages ? Math.min(2, nRuns) : nRuns;
      const fit = () =>
        neuralNetwork
          .make({ layers, batchSize: batch, epochs, earlyStopping: false })
          .fit(X, y, target, { rng: createRng(1), task: quietTask, threads });
      const ours = await timeRuns(runs, fit);
      const loss = logLoss((await (await fit()).predictProba(X)).data, y, target.nClasses);
      const args = [file, X.nRows, X.nCols, target.nClasses, layers.join('-'), batch, epochs, runs].map(String);
      const answer = (await peer('mlp.py', args)) as (Peers & { name: string }) | null;
      const best = answer && Object.entries(answer.cases).toSorted((a, b) => a[1].fit - b[1].fit)[0];
      const others = Object.entries(answer?.cases ?? {}).flatMap(([name, value]) => [
        [`${name} s`, value.fit],
        [`${name} loss`, value.loss],
      ]);
      const steps = epochs * Math.ceil(X.nRows / batch);
      rows.push(
        row(
          `${layers.join('-')}, batch ${batch}, ${X.nRows} × ${X.nCols}, ${epochs} epochs`,
          's',
          ours,
          best ? { name: best[0], median: best[1].fit } : null,
          {
            loss,
            'GFLOP/s': (6 * X.nRows * epochs * weights(X.nCols, layers, target.nClasses)) / ours.median / 1e9,
            'ms/step': (1000 * ours.median) / steps,
            ...Object.fromEntries(others),
          },
        ),
      );
    }
    return rows;
  },
};

/** Weights between layers: each costs two operations forward and four back, per row. */
function weights(d: number, layers: readonly number[], nClasses: number): number {
  const sizes = [d, ...layers, nClasses === 2 ? 1 : nClasses];
  return sizes.slice(1).reduce((sum, size, k) => sum + size * sizes[k]!, 0);
}

function logLoss(proba: ArrayLike<number>, y: Float64Array, k: number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum -= Math.log(Math.max(1e-15, proba[i * k + y[i]!]!));
  return sum / y.length;
}

/** 60,000 rows shaped like MNIST: ten patterns of 784 values in [0, 1], most of them 0, each row a noisy one. */
async function images(dir: string): Promise<TableData> {
  const [n, d] = [60_000, 784];
  const rng = createRng(2);
  const patterns = Array.from({ length: 10 }, () =>
    Float32Array.from({ length: d }, () => (rng.uniform() < 0.2 ? rng.uniform() : 0)),
  );
  const data = new Float32Array(n * d);
  const y = Float64Array.from({ length: n }, () => rng.int(10));
  for (let i = 0; i < n; i++) {
    const own = patterns[y[i]!]!;
    const other = patterns[rng.int(10)]!;
    for (let j = 0; j < d; j++) {
      const v = 0.55 * own[j]! + 0.45 * other[j]! + (rng.uniform() < 0.1 ? rng.uniform() : 0);
      data[i * d + j] = Math.min(1, v);
    }
  }
  const file = path.join(dir, 'images.f32');
  const out = createWriteStream(file);
  out.write(Buffer.from(data.buffer));
  out.end(Buffer.from(Float32Array.from(y).buffer));
  await finished(out);
  return { X: matrix(data, n, d), y, file };
}
