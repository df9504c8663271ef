import type { CalibrationOptions } from '../../calibrate.ts';
import type { Rows, WeightedRows } from '../../rows.ts';
import { LinearPilot } from '../linearLoss/pilot.ts';
import type { Pilot, PilotState, StatisticBlock, Visit } from '../service.ts';
import { hiddenRows, type HiddenLayer } from './hidden.ts';

/**
 * A small network as pilot. Its last layer is a linear model of the hidden activations h, and the gradient by its weights
 * is (p − y) ⊗ [h, 1]: rows are drawn by the size of that (in the Hessian's norm, with curvature and leverage, as for
 * linear models), and weights reproduce its sums, the curvature and the class counts (after last-layer gradients in data
 * selection: Katharopoulos & Fleuret 2018, Killamsetty et al. 2021).
 */
export class NetworkPilot implements Pilot {
  readonly service = 'network';
  readonly nFeatures: number;
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly calibration: CalibrationOptions;
  readonly penalty: number;
  private readonly hidden: HiddenLayer;
  private readonly last: LinearPilot;

  constructor(hidden: HiddenLayer, last: LinearPilot) {
    this.hidden = hidden;
    this.last = last;
    this.nFeatures = hidden.nInputs;
    this.blocks = last.blocks;
    this.nStatistics = last.nStatistics;
    this.calibration = last.calibration;
    this.penalty = last.penalty;
  }

  visit(rows: Rows, out: Visit): void {
    this.last.visit(hiddenRows(this.hidden, rows), out);
  }

  lossOf(totals: Float64Array): number | null {
    return this.last.lossOf(totals);
  }

  /** A network's loss is not convex: how far it is from its optimum cannot be told from here. */
  excess(): null {
    return null;
  }

  canRefit(nRows: number, isVerified: boolean): boolean {
    return this.last.canRefit(nRows, isVerified);
  }

  /** The last layer fitted anew on a coreset. */
  async refit(rows: WeightedRows): Promise<NetworkPilot> {
    return new NetworkPilot(this.hidden, await this.last.refit(hiddenRows(this.hidden, rows)));
  }

  state(): PilotState {
    const { json, arrays } = this.last.state();
    const { nInputs, nUnits, weight, bias } = this.hidden;
    return {
      service: this.service,
      json: { nInputs, nUnits, last: json },
      arrays: { ...arrays, hiddenWeight: weight, hiddenBias: bias },
    };
  }
}

export function restoreNetworkPilot({ service, json, arrays }: PilotState): NetworkPilot {
  const { nInputs, nUnits, last } = json as { nInputs: number; nUnits: number; last: unknown };
  const { hiddenWeight, hiddenBias, ...rest } = arrays as Record<string, Float64Array>;
  const hidden = { nInputs, nUnits, weight: hiddenWeight!, bias: hiddenBias! };
  return new NetworkPilot(hidden, LinearPilot.restore({ service, json: last, arrays: rest }));
}
