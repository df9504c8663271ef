import type { Matrix } from '../../kernels/matrix.ts';
import { SMALLEST } from '../losses.ts';
import { effectiveRows, type Interval } from './interval.ts';
import { foreseenLogLoss, lossInterval } from './meanLoss.ts';
import { jeffreys } from './proportion.ts';

/** A class of a smaller probability is ruled out: no sample's variance foresees what it costs to be wrong about it. */
const RULED_OUT = 1e-6;

/**
 * Interval of a mean log loss. Rows that rule a class out (leaves of trees do, with probabilities of exactly 0) lose next to
 * nothing or nearly everything; how often the second is a proportion with Jeffreys' interval, and all other losses are a
 * mean of their own. Both ends by square-and-add, each side apart.
 * @param loss of each row, shape (nSamples,)
 */
export function logLossInterval(loss: Float64Array, proba: Matrix, weight?: Float64Array): Interval {
  const most = -Math.log(RULED_OUT);
  const { data, nRows, nCols } = proba;
  const rest = new Float64Array(nRows);
  let [total, exposed, squares, wrong, lost, worst] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < nRows; i++) {
    const w = weight ? weight[i]! : 1;
    total += w;
    rest[i] = loss[i]! > most ? 0 : loss[i]!;
    let least = Infinity;
    for (let k = 0; k < nCols; k++) if (data[i * nCols + k]! < least) least = data[i * nCols + k]!;
    if (!(least < RULED_OUT)) continue;
    exposed += w;
    squares += w * w;
    worst -= w * Math.log(Math.max(SMALLEST, least));
    if (loss[i]! <= most) continue;
    wrong += w;
    lost += w * loss[i]!;
  }
  const foreseen = foreseenLogLoss(proba);
  if (!(exposed > 0)) return lossInterval(loss, foreseen, -Math.log(SMALLEST), weight);
  const mean = rest.reduce((sum, v, i) => sum + v * (weight ? weight[i]! : 1), 0) / total;
  const ofRest = lossInterval(rest, foreseen, most, weight);
  // Per row of all: what the rows that are wrong cost, or would.
  const cost = ((wrong > 0 ? lost / wrong : worst / exposed) * exposed) / total;
  const share = wrong / exposed;
  const ofWrong = jeffreys(share, effectiveRows(exposed, squares));
  const value = mean + cost * share;
  return {
    low: Math.max(0, value - Math.hypot(mean - ofRest.low, cost * (share - ofWrong.low))),
    high: value + Math.hypot(ofRest.high - mean, cost * (ofWrong.high - share)),
  };
}
