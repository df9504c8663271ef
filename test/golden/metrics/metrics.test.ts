import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { oneAgainstRest } from '../../../main/evaluate/classification.ts';
import { confusionMatrix } from '../../../main/evaluate/confusion.ts';
import { rankCounts } from '../../../main/evaluate/ranking.ts';
import { score as scoreSaid } from '../../../main/evaluate/scorer.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { argmaxRows } from '../../../main/models/tree/outputs.ts';

interface Golden {
  readonly classification: readonly {
    readonly nClasses: number;
    readonly proba: number[];
    readonly y: number[];
    readonly weight: number[] | null;
    readonly confusion: number[][];
    readonly metrics: Record<string, number>;
    readonly roc: { x: number[]; y: number[] } | null;
  }[];
  readonly regression: readonly {
    readonly predicted: number[];
    readonly y: number[];
    readonly weight: number[] | null;
    readonly metrics: Record<string, number>;
  }[];
}

// Made by make_metrics.py with scikit-learn 1.9.
const golden = JSON.parse(readFileSync(new URL('./metrics.json', import.meta.url), 'utf8')) as Golden;
const weightOf = (weight: number[] | null) => (weight ? Float64Array.from(weight) : undefined);

describe('metrics are those of scikit-learn', () => {
  test.each(golden.classification.map((c) => [`${c.nClasses} classes${c.weight ? ', weighted' : ''}`, c] as const))(
    '%s',
    (_name, { nClasses, proba, y, weight, confusion, metrics, roc }) => {
      const P = matrix(Float64Array.from(proba), y.length, nClasses);
      const Y = Float64Array.from(y);
      const ours = scoreSaid({ labels: argmaxRows(P), proba: P }, Y, weightOf(weight));
      expect(Object.keys(ours).toSorted()).toEqual(Object.keys(metrics).toSorted());
      for (const [name, value] of Object.entries(metrics))
        expect({ name, value: ours[name as keyof typeof ours] }).toEqual({
          name,
          value: expect.closeTo(value, 10) as number,
        });
      const counts = confusionMatrix(Y, argmaxRows(P), nClasses, weightOf(weight));
      counts.forEach((row, i) => row.forEach((n, j) => expect(n).toBeCloseTo(confusion[i]![j]!, 9)));
      if (!roc) return;
      const { score, isPositive } = oneAgainstRest(P, Y, 1);
      const c = rankCounts(isPositive, score);
      const points = [...c.falsePositive].map((fp, i) => [fp / c.nNegative, c.truePositive[i]! / c.nPositive]);
      expect(points.length + 1).toBe(roc.x.length);
      points.forEach(([x, value], i) => {
        expect(x).toBeCloseTo(roc.x[i + 1]!, 12);
        expect(value).toBeCloseTo(roc.y[i + 1]!, 12);
      });
    },
  );

  test.each(golden.regression)('regression $#', ({ predicted, y, weight, metrics }) => {
    const ours = scoreSaid({ predicted: Float64Array.from(predicted) }, Float64Array.from(y), weightOf(weight));
    for (const [name, value] of Object.entries(metrics))
      expect({ name, value: ours[name as keyof typeof ours] }).toEqual({
        name,
        value: expect.closeTo(value, 10) as number,
      });
  });
});
