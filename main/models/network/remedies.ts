import type { ModelFinding } from '../estimator.ts';
import { isSaturating, type Activation } from './activations.ts';
import type { Initializer } from './initializers.ts';
import type { Layer } from './layers.ts';
import type { NetworkParams } from './params.ts';

/** The configuration a finding is about. */
export interface NetworkConfig {
  readonly params: NetworkParams;
  readonly layers: readonly Layer[];
}

type Remedy = ModelFinding['remedies'][number];

const remedy = (label: string, params: Readonly<Record<string, unknown>>): Remedy => ({
  label,
  patch: { model: { params } },
});

/** The shortest form a file can have: bare numbers for plain dense layers. */
const shortest = (layers: readonly Layer[]): unknown[] =>
  layers.map((layer) => (layer.type === 'dense' && Object.keys(layer).length === 2 ? layer.units : layer));

/** Every layer with `activation`: the default changes, and layers that named another no longer do. */
function withActivation({ layers }: NetworkConfig, activation: Activation): Record<string, unknown> {
  const plain = layers.flatMap((layer): Layer[] => {
    if (layer.type === 'activation') return [{ ...layer, activation }];
    if (layer.type !== 'dense' && layer.type !== 'residual') return [layer];
    const { activation: _a, initializer: _i, initializerStd: _s, ...rest } = layer;
    return [rest as Layer];
  });
  return { activation, initializer: 'auto', layers: shortest(plain) };
}

const activationOf = (layer: Layer, { params }: NetworkConfig): Activation | null =>
  layer.type === 'dense' || layer.type === 'residual'
    ? (layer.activation ?? params.activation)
    : layer.type === 'activation'
      ? layer.activation
      : null;

function withResiduals({ layers }: NetworkConfig): Layer[] {
  let width = 0;
  return layers.map((layer): Layer => {
    const isSame = layer.type === 'dense' && layer.units === width;
    if (layer.type === 'dense' || layer.type === 'residual') width = layer.units ?? width;
    return isSame ? { ...layer, type: 'residual' } : layer;
  });
}

const withBatchNorm = ({ layers }: NetworkConfig): Layer[] =>
  layers.flatMap((layer, i): Layer[] =>
    layer.type === 'dense' && layers[i + 1]?.type !== 'batchNorm' ? [layer, { type: 'batchNorm' }] : [layer],
  );

/** A list with other places than before cannot keep skips that count layers. */
const canInsert = ({ layers }: NetworkConfig): boolean => !layers.some((layer) => layer.type === 'skip');

export function vanishingRemedies(config: NetworkConfig): Remedy[] {
  const { layers, params } = config;
  const remedies: Remedy[] = [];
  const isFlat = layers.some((layer) => isSaturating(activationOf(layer, config) ?? 'linear'));
  const residual = withResiduals(config);
  if (residual.some((layer, i) => layer !== layers[i]))
    remedies.push(remedy('Add residual connections', { layers: shortest(residual) }));
  if (isFlat) remedies.push(remedy('Use relu with He initialisation', withActivation(config, 'relu')));
  if (canInsert(config) && withBatchNorm(config).length > layers.length)
    remedies.push(remedy('Normalise after each layer', { layers: shortest(withBatchNorm(config)) }));
  if (!isFlat && hasOwnInitializer(config))
    remedies.push(remedy('Use a fitting initialisation', resetInitializer(config)));
  if (remedies.length === 0 && params.activation === 'relu')
    remedies.push(remedy('Use leakyRelu', withActivation(config, 'leakyRelu')));
  return remedies;
}

const hasOwnInitializer = ({ params, layers }: NetworkConfig): boolean =>
  isOfOneSize(params.initializer) ||
  layers.some((layer) => (layer.type === 'dense' || layer.type === 'residual') && isOfOneSize(layer.initializer));

/** Weights whose size does not follow from the layer's. */
const isOfOneSize = (name: Initializer | undefined): boolean => name === 'randomNormal' || name === 'randomUniform';

function resetInitializer({ layers }: NetworkConfig): Record<string, unknown> {
  const plain = layers.map((layer): Layer => {
    if (layer.type !== 'dense' && layer.type !== 'residual') return layer;
    const { initializer: _i, initializerStd: _s, ...rest } = layer;
    return rest as Layer;
  });
  return { initializer: 'auto', layers: shortest(plain) };
}

/** A rate that suits the optimiser. */
export const usualRate = ({ optimizer }: NetworkParams): number => (optimizer === 'sgd' ? 0.01 : 0.001);

/** A rate that suits the optimiser, or a tenth of one that is not far above it. */
function lowerRate(params: NetworkParams): number {
  const usual = usualRate(params);
  return params.learningRate > 10 * usual ? usual : Number((params.learningRate / 10).toPrecision(2));
}

export function explosionRemedies(config: NetworkConfig): Remedy[] {
  const { params, layers } = config;
  const rate = lowerRate(params);
  const clip = { clipNorm: 1, learningRate: rate };
  if (hasOwnInitializer(config)) {
    const fitting = resetInitializer(config);
    const first = remedy('Use a fitting initialisation', fitting);
    return params.clipNorm === null
      ? [first, remedy('Use a fitting initialisation, clip gradients at norm 1', { ...fitting, clipNorm: 1 })]
      : [first];
  }
  const remedies = [remedy(`Lower the learning rate to ${rate}`, { learningRate: rate })];
  if (params.clipNorm === null) remedies.push(remedy(`Clip gradients at norm 1, learning rate ${rate}`, clip));
  const isNormalised = layers.some((layer) => layer.type === 'batchNorm' || layer.type === 'layerNorm');
  if (!isNormalised && canInsert(config) && layers.length > 2) {
    const normalised = { layers: shortest(withBatchNorm(config)), learningRate: rate };
    remedies.push(remedy(`Normalise after each layer, learning rate ${rate}`, normalised));
  }
  return remedies;
}

export function deadRemedies(config: NetworkConfig): Remedy[] {
  const { params } = config;
  const remedies: Remedy[] = [];
  const hasRelu = config.layers.some((layer) => activationOf(layer, config) === 'relu');
  remedies.push(
    hasRelu
      ? remedy('Use leakyRelu', withActivation(config, 'leakyRelu'))
      : remedy('Use relu with He initialisation', withActivation(config, 'relu')),
  );
  const rate = lowerRate(params);
  if (rate < params.learningRate) remedies.push(remedy(`Lower the learning rate to ${rate}`, { learningRate: rate }));
  return remedies;
}
