import { AppError } from '../../contract/errors.ts';
import { add, div, equal, mul, sqrt, sub } from '../../tensor/ops/elementwise.ts';
import { affine, matMul, transpose } from '../../tensor/ops/linear.ts';
import { concat, slice } from '../../tensor/ops/shape.ts';
import { sum } from '../../tensor/ops/sum.ts';
import { constant, type Tensor } from '../../tensor/program.ts';
import { activate, type Activation } from './activations.ts';
import { layerName, layerTitle, type Layer } from './layers.ts';
import type { Initializer } from './initializers.ts';

/** A network whose sizes are all known. */
export interface Network {
  readonly nInputs: number;
  /** 1 for regression and two classes, else a number per class. */
  readonly nOutputs: number;
  readonly layers: readonly Layer[];
  /** Columns that hold category codes 0 … nLevels − 1 (anything else is "unknown"), rising. */
  readonly categories: readonly { readonly column: number; readonly nLevels: number }[];
  /** Of layers that do not say. */
  readonly activation: Activation;
  readonly initializer: Initializer;
  readonly l1: number;
  readonly l2: number;
}

/** A trainable array. */
export interface Slot {
  /** `dense1.weight` */
  readonly name: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly start: 'zeros' | 'ones' | Start;
  readonly l1: number;
  readonly l2: number;
}
interface Start {
  readonly initializer: Initializer;
  readonly activation: Activation;
  readonly std?: number;
}

/** What a forward pass needs from whoever runs it. */
export interface Mode {
  /** The trainable array's value. */
  readonly parameter: (slot: Slot) => Tensor;
  /** Running statistics, shape (units,); `start` is 0 or 1. */
  readonly running: (name: string, units: number, start: number) => Tensor;
  /** While training: drops values, and takes batch statistics (told through `update`) instead of running ones. */
  readonly training?: {
    readonly drop: (x: Tensor, rate: number) => Tensor;
    /** Shape (n, 1), not negative: how much each row counts in batch statistics. */
    readonly rowWeight: Tensor;
    readonly update: (name: string, value: Tensor) => void;
  };
  /** Told of the output of every layer with an activation. */
  readonly observe?: (layer: string, activation: Activation, output: Tensor) => void;
}

const BATCH_NORM_MOMENTUM = 0.9;
// Keras has 1e-3 and PyTorch 1e-5, which we follow: 1e-3 is felt by inputs of small variance.
const NORM_EPSILON = 1e-5;

/** Nodes from rows (n, nInputs) to logits or values (n, nOutputs). Throws AppError LAYER_SHAPE naming the layer. */
export function forward(network: Network, x: Tensor, mode: Mode): Tensor {
  const outputs: Tensor[] = [];
  const isEmbedded = network.layers[0]?.type === 'embedding';
  let h = network.categories.length > 0 && !isEmbedded ? embed(network, x, 'embedding', undefined, 0, mode) : x;
  network.layers.forEach((layer, i) => {
    const name = layerName(i, layer.type);
    try {
      h = applyLayer(network, layer, name, h, outputs, mode);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new AppError({
        code: 'LAYER_SHAPE',
        message: `${layerTitle(i, layer.type)} does not fit: ${cause.message}.`,
        fix: { kind: 'editConfig', label: 'Edit the layers' },
        cause,
      });
    }
    outputs.push(h);
  });
  return dense('output', h, network.nOutputs, 'linear', { initializer: 'glorotUniform' }, network, mode);
}

function applyLayer(
  network: Network,
  layer: Layer,
  name: string,
  x: Tensor,
  before: readonly Tensor[],
  mode: Mode,
): Tensor {
  switch (layer.type) {
    case 'dense': {
      const activation = layer.activation ?? network.activation;
      const y = activate(activation, dense(name, x, layer.units, activation, layer, network, mode));
      mode.observe?.(name, activation, y);
      return y;
    }
    case 'residual': {
      const activation = layer.activation ?? network.activation;
      const nIn = width(x);
      const units = layer.units ?? nIn;
      const inner = activate(activation, dense(name, x, units, activation, layer, network, mode));
      mode.observe?.(name, activation, inner);
      const branch = dense(`${name}.second`, inner, units, 'linear', layer, network, mode);
      if (units === nIn) return add(x, branch);
      const slot = weightSlot(`${name}.projection`, name, nIn, units, 'linear', layer, network);
      return add(matMul(x, mode.parameter(slot)), branch);
    }
    case 'dropout':
      return mode.training && layer.rate > 0 ? mode.training.drop(x, layer.rate) : x;
    case 'batchNorm':
      return batchNorm(name, x, mode);
    case 'layerNorm':
      return layerNorm(name, x, mode);
    case 'activation': {
      const y = activate(layer.activation, x);
      mode.observe?.(name, layer.activation, y);
      return y;
    }
    case 'skip': {
      const from = before[layer.from - 1]!;
      if (width(from) !== width(x)) {
        throw new RangeError(`layer ${layer.from} gives ${width(from)} values, the layer before this one ${width(x)}`);
      }
      return add(x, from);
    }
    case 'embedding':
      if (network.categories.length === 0) {
        throw new RangeError('no column holds category codes; set preprocess.encode to ordinal or remove the layer');
      }
      return embed(network, x, name, layer.units, layer.l2 ?? 0, mode);
  }
}

const width = (x: Tensor): number => x.shape[1] as number;

interface WeightOptions {
  readonly initializer?: Initializer | undefined;
  readonly initializerStd?: number | undefined;
  readonly l1?: number | undefined;
  readonly l2?: number | undefined;
}

function weightSlot(
  name: string,
  layer: string,
  nIn: number,
  nOut: number,
  activation: Activation,
  options: WeightOptions,
  network: Network,
): Slot {
  const { initializer = network.initializer, initializerStd: std, l1 = network.l1, l2 = network.l2 } = options;
  return { name, layer, shape: [nIn, nOut], start: { initializer, activation, ...(std && { std }) }, l1, l2 };
}

function dense(
  name: string,
  x: Tensor,
  units: number,
  activation: Activation,
  options: WeightOptions,
  network: Network,
  mode: Mode,
): Tensor {
  const layer = name.split('.')[0]!;
  const W = mode.parameter(weightSlot(`${name}.weight`, layer, width(x), units, activation, options, network));
  const b = mode.parameter({ name: `${name}.bias`, layer, shape: [units], start: 'zeros', l1: 0, l2: 0 });
  return affine(x, W, b);
}

function scaleAndShift(name: string, x: Tensor, mode: Mode): Tensor {
  const slot = (part: string, start: 'ones' | 'zeros'): Slot => ({
    name: `${name}.${part}`,
    layer: name,
    shape: [width(x)],
    start,
    l1: 0,
    l2: 0,
  });
  return add(mul(x, mode.parameter(slot('scale', 'ones'))), mode.parameter(slot('shift', 'zeros')));
}

/** Ioffe & Szegedy 2015. Batch statistics count rows by their weight, so that a weight equals repeated rows. */
function batchNorm(name: string, x: Tensor, mode: Mode): Tensor {
  const units = width(x);
  const [means, variances] = [`${name}.mean`, `${name}.variance`];
  const [mean, variance] = [mode.running(means, units, 0), mode.running(variances, units, 1)];
  if (mode.training) {
    const { rowWeight, update } = mode.training;
    const share = transpose(div(rowWeight, sum(rowWeight)));
    const batchMean = matMul(share, x);
    const centred = sub(x, batchMean);
    const batchVariance = matMul(share, mul(centred, centred));
    const mix = (old: Tensor, fresh: Tensor) =>
      add(mul(old, BATCH_NORM_MOMENTUM), mul(sum(fresh, [0]), 1 - BATCH_NORM_MOMENTUM));
    update(means, mix(mean, batchMean));
    update(variances, mix(variance, batchVariance));
    return scaleAndShift(name, div(centred, sqrt(add(batchVariance, NORM_EPSILON))), mode);
  }
  return scaleAndShift(name, div(sub(x, mean), sqrt(add(variance, NORM_EPSILON))), mode);
}

/** Ba, Kiros & Hinton 2016. */
function layerNorm(name: string, x: Tensor, mode: Mode): Tensor {
  const mean = mul(sum(x, [1], true), 1 / width(x));
  const centred = sub(x, mean);
  const variance = mul(sum(mul(centred, centred), [1], true), 1 / width(x));
  return scaleAndShift(name, div(centred, sqrt(add(variance, NORM_EPSILON))), mode);
}

/** Numbers a category of so many levels becomes where nothing is said. */
const embeddingUnits = (nLevels: number): number => Math.min(50, Math.ceil((nLevels + 1) / 2));

/** Columns of codes by a table each (unknown and missing are its last row), the others as they are. */
function embed(network: Network, x: Tensor, name: string, units: number | undefined, l2: number, mode: Mode): Tensor {
  const parts: Tensor[] = [];
  let from = 0;
  for (const { column, nLevels } of network.categories) {
    if (column > from) parts.push(slice(x, 1, from, column));
    from = column + 1;
    const size = units ?? embeddingUnits(nLevels);
    const table = mode.parameter({
      name: `${name}.table${column}`,
      layer: name,
      shape: [nLevels + 1, size],
      start: { initializer: 'randomNormal', activation: 'linear', std: 1 / Math.sqrt(size) },
      l1: 0,
      l2,
    });
    const levels = constant(
      Array.from({ length: nLevels }, (_, k) => k),
      [1, nLevels],
    );
    const known = equal(slice(x, 1, column, column + 1), levels);
    const unknown = sub(constant(1, [1, 1]), sum(known, [1], true));
    parts.push(matMul(concat([known, unknown], 1), table));
  }
  if (from < network.nInputs) parts.push(slice(x, 1, from, network.nInputs));
  return concat(parts, 1);
}
