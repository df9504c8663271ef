import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { activationNames } from './activations.ts';
import { initializerNames } from './initializers.ts';

const units = z.number().int().min(1).max(65_536);
const penalty = z.number().nonnegative().optional();
const weights = {
  activation: z.enum(activationNames).optional(),
  initializer: z.enum(initializerNames).optional(),
  /** Standard deviation of `randomNormal`, bound of `randomUniform`. */
  initializerStd: z.number().positive().optional(),
  l1: penalty,
  l2: penalty,
};

const schemas = {
  dense: z.strictObject({ type: z.literal('dense'), units, ...weights }),
  /** x + W₂ act(W₁ x + b₁) + b₂; x goes through a matrix of its own where the width changes. */
  residual: z.strictObject({ type: z.literal('residual'), units: units.optional(), ...weights }),
  dropout: z.strictObject({ type: z.literal('dropout'), rate: z.number().min(0).lt(1) }),
  batchNorm: z.strictObject({ type: z.literal('batchNorm') }),
  layerNorm: z.strictObject({ type: z.literal('layerNorm') }),
  activation: z.strictObject({ type: z.literal('activation'), activation: z.enum(activationNames) }),
  /** Adds what layer `from` (1 is the first) gave. */
  skip: z.strictObject({ type: z.literal('skip'), from: z.number().int().min(1) }),
  /** Category columns become `units` numbers each; the other columns pass. First in the list. */
  embedding: z.strictObject({ type: z.literal('embedding'), units: units.optional(), l2: penalty }),
};

export type LayerType = keyof typeof schemas;
export type Layer = { [T in LayerType]: z.infer<(typeof schemas)[T]> }[LayerType];

export const layerTypes = Object.keys(schemas) as LayerType[];

/** "Layer 3 (dense)", as messages and curves call it. */
export const layerTitle = (index: number, type: string): string => `Layer ${index + 1} (${type})`;
/** "dense3": the layer's name in curves and files. */
export const layerName = (index: number, type: string): string => `${type}${index + 1}`;

/**
 * The list as the file has it, a number standing for a dense layer of that many units.
 * Throws AppError LAYER_INVALID that names the layer and what it should be.
 */
export function parseLayers(list: readonly unknown[]): Layer[] {
  return list.map((given, i) => {
    const layer = parseLayer(given, i);
    if (typeof layer !== 'string') return layer;
    throw new AppError({
      code: 'LAYER_INVALID',
      message: layer,
      fix: { kind: 'editConfig', label: 'Edit the layers' },
    });
  });
}

/** Every layer that is wrong, by its place in the list. */
export const layerProblems = (list: readonly unknown[]): { readonly index: number; readonly message: string }[] =>
  list.flatMap((given, index) => {
    const message = parseLayer(given, index);
    return typeof message === 'string' ? [{ index, message }] : [];
  });

/** The layer, or a sentence that says what is wrong with it. */
function parseLayer(given: unknown, i: number): Layer | string {
  const value = typeof given === 'number' ? { type: 'dense', units: given } : given;
  const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) {
    const types = layerTypes.join(', ');
    return `Layer ${i + 1} must be a number of units or a table with a type, one of ${types}; got ${JSON.stringify(given)}.`;
  }
  const parsed = schemas[type as LayerType].safeParse(value);
  const title = layerTitle(i, type);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return `${title}: ${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message.replace(/^Too (big|small): /, '')}.`;
  }
  const layer = parsed.data;
  if (layer.type === 'embedding' && i > 0) return `${title}: an embedding must be the first layer.`;
  if (layer.type === 'skip' && layer.from > i)
    return `${title}: from must name an earlier layer, 1 to ${i}; got ${layer.from}.`;
  return layer;
}
