import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { activationNames } from './activations.ts';
import { initializerNames } from './initializers.ts';

const units = z.number().int().min(1).max(65_536);
const penalty = z.number().nonnegative().optional();
const weights = {
  activation: z.enum(activationNames).optional(),
  initializer: z.enum(initializerNames).optional(),
  /** Standard deviation of `randomNormal`. */
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
    const value = typeof given === 'number' ? { type: 'dense', units: given } : given;
    const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
    if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) {
      throw invalid(
        `Layer ${i + 1} must be a number of units or a table with a type, one of ${layerTypes.join(', ')}; got ${JSON.stringify(given)}.`,
      );
    }
    const parsed = schemas[type as LayerType].safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const at = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
      throw invalid(`${layerTitle(i, type)}: ${at}${issue.message}.`);
    }
    if (type === 'embedding' && i > 0) throw invalid(`${layerTitle(i, type)}: an embedding must be the first layer.`);
    if (parsed.data.type === 'skip' && parsed.data.from > i)
      throw invalid(`${layerTitle(i, type)}: from must name an earlier layer, 1 to ${i}; got ${parsed.data.from}.`);
    return parsed.data;
  });
}

const invalid = (message: string): AppError =>
  new AppError({ code: 'LAYER_INVALID', message, fix: { kind: 'editConfig', label: 'Edit the layers' } });
