import type { ModelFinding } from '../estimator.ts';
import type { EpochRecord } from './trainer.ts';
import { explosionRemedies, deadRemedies, usualRate, vanishingRemedies, type NetworkConfig } from './remedies.ts';

/** Layers whose gradients are this many times smaller than those of the steepest layer hardly learn. */
const VANISHING_RATIO = 1e-3;
/** Mean loss of an epoch, in losses before training, that only steps too long bring about. */
const JUMP = 5;
const EXPLODING_NORM = 1e3;
const DEAD_SHARE = 0.8;

/**
 * What the epochs so far say about the health of training: VANISHING_GRADIENT, EXPLODING_GRADIENT, DEAD_UNITS, each with
 * the remedies that apply to this network.
 */
export function healthFindings(
  history: readonly EpochRecord[],
  firstLoss: number,
  config: NetworkConfig,
): ModelFinding[] {
  const explosion = exploding(history, firstLoss, config);
  // Dead units after an explosion are its result.
  return [explosion, vanishing(history, config), explosion ? null : dead(history, config)].filter(
    (finding) => finding !== null,
  );
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const isWeighted = (layer: string): boolean => /^(dense|residual|output)/.test(layer);

function exploding(history: readonly EpochRecord[], firstLoss: number, config: NetworkConfig): ModelFinding | null {
  const last = history.at(-1);
  if (!last) return null;
  const remedies = explosionRemedies(config);
  if (!Number.isFinite(last.loss) || (last.holdOutLoss !== null && !Number.isFinite(last.holdOutLoss))) {
    const kept = history.length > 1 ? 'The best epoch before is kept' : 'No epoch was finished, so nothing was learned';
    return {
      code: 'EXPLODING_GRADIENT',
      severity: 'error',
      title: `Gradients exploded in epoch ${last.epoch}`,
      detail: `The loss stopped being a number in epoch ${last.epoch}: steps grew until the weights overflowed. ${kept}.`,
      remedies,
    };
  }
  // With steps this long even a small rise is theirs: units die in the first steps, before the loss can soar.
  const jump = config.params.learningRate > 100 * usualRate(config.params) ? 1.2 : JUMP;
  for (const { epoch, loss, health } of history) {
    const steepest = health.toSorted((a, b) => b.gradientNorm - a.gradientNorm)[0];
    const isSteep = steepest !== undefined && steepest.gradientNorm > EXPLODING_NORM;
    if (!isSteep && !(loss > jump * Math.max(firstLoss, 1e-3))) continue;
    const shaken = health.toSorted((a, b) => b.updateRatio - a.updateRatio)[0];
    const evidence = isSteep
      ? `the gradient norm of ${steepest.layer} was ${steepest.gradientNorm.toPrecision(2)}`
      : `a step changed ${shaken?.layer ?? 'a layer'} by ${percent(shaken?.updateRatio ?? 0)} of its weights`;
    return {
      code: 'EXPLODING_GRADIENT',
      severity: 'error',
      title: `Gradients exploded in epoch ${epoch}`,
      detail: `The loss was ${firstLoss.toPrecision(3)} before training and ${loss.toPrecision(3)} in epoch ${epoch}, where ${evidence}.`,
      remedies,
    };
  }
  return null;
}

function vanishing(history: readonly EpochRecord[], config: NetworkConfig): ModelFinding | null {
  const recent = history.slice(-2).map(({ health }) => health.filter(({ layer }) => isWeighted(layer)));
  if (recent.length < 2 || recent.some((layers) => layers.length < 4)) return null;
  const weakest = recent.map((layers) => {
    const most = Math.max(...layers.map(({ gradientRms }) => gradientRms));
    const low = layers.filter(({ gradientRms }) => gradientRms < VANISHING_RATIO * most);
    return { most, low };
  });
  const { most, low } = weakest.at(-1)!;
  if (!(most > 0) || weakest.some((found) => found.low.length === 0)) return null;
  const first = low[0]!;
  return {
    code: 'VANISHING_GRADIENT',
    severity: 'warning',
    title: 'Gradients vanish before they reach the first layers',
    detail:
      `The gradient of ${first.layer} is ${(most / Math.max(first.gradientRms, 1e-45)).toExponential(0)} times smaller than ` +
      `that of the steepest layer; ${low.length} of ${recent.at(-1)!.length} layers hardly learn.`,
    remedies: vanishingRemedies(config),
  };
}

function dead(history: readonly EpochRecord[], config: NetworkConfig): ModelFinding | null {
  const last = history.at(-1);
  const idle = last?.health.filter(({ idleShare }) => idleShare !== null && idleShare > DEAD_SHARE) ?? [];
  const worst = idle.toSorted((a, b) => b.idleShare! - a.idleShare!)[0];
  if (!last || !worst) return null;
  return {
    code: 'DEAD_UNITS',
    severity: 'warning',
    title: `${percent(worst.idleShare!)} of the units of ${worst.layer} are dead or saturated`,
    detail: `In epoch ${last.epoch} they gave the same answer for every row, so no gradient passes them.`,
    remedies: deadRemedies(config),
  };
}
