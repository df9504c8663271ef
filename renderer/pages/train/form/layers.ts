/** A layer of a network as the file has it: a number is a dense layer of that many units. */
export type Layer = number | { readonly type: string; readonly [key: string]: unknown };

export interface LayerKind {
  readonly type: string;
  readonly title: string;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly fallback: number | string;
    readonly choices?: readonly string[];
  }[];
}

// As main/models/network/layers.ts has them.
const ACTIVATIONS = ['relu', 'leakyRelu', 'elu', 'gelu', 'sigmoid', 'tanh', 'softmax', 'linear'] as const;

export const LAYER_KINDS: readonly LayerKind[] = [
  {
    type: 'dense',
    title: 'Dense',
    fields: [
      { name: 'units', label: 'units', fallback: 64 },
      { name: 'activation', label: 'activation', fallback: 'relu', choices: ACTIVATIONS },
    ],
  },
  { type: 'dropout', title: 'Dropout', fields: [{ name: 'rate', label: 'rate', fallback: 0.2 }] },
  { type: 'batchNorm', title: 'Batch normalisation', fields: [] },
  { type: 'layerNorm', title: 'Layer normalisation', fields: [] },
  {
    type: 'residual',
    title: 'Residual block',
    fields: [
      { name: 'units', label: 'units', fallback: 64 },
      { name: 'activation', label: 'activation', fallback: 'relu', choices: ACTIVATIONS },
    ],
  },
  {
    type: 'activation',
    title: 'Activation',
    fields: [{ name: 'activation', label: 'activation', fallback: 'relu', choices: ACTIVATIONS }],
  },
  { type: 'skip', title: 'Skip connection', fields: [{ name: 'from', label: 'from layer', fallback: 1 }] },
  { type: 'embedding', title: 'Embedding', fields: [{ name: 'units', label: 'units', fallback: 8 }] },
];

export interface LayerShape {
  readonly nOutputs: number | null;
  readonly nParameters: number | null;
}

/**
 * Outputs and trainable parameters of each layer for `nInputs` features (null when not known before the run).
 * Dense: in × out weights + out biases. Batch and layer normalisation: scale and shift per unit.
 * Residual: two dense layers, and a projection where the width changes.
 */
export function layerShapes(layers: readonly Layer[], nInputs: number | null): LayerShape[] {
  let width = nInputs;
  return layers.map((layer) => {
    const kind = typeof layer === 'number' ? 'dense' : layer.type;
    const units = typeof layer === 'number' ? layer : typeof layer['units'] === 'number' ? layer['units'] : null;
    const before = width;
    if (kind === 'dense') {
      width = units;
      return { nOutputs: units, nParameters: before === null || units === null ? null : before * units + units };
    }
    if (kind === 'residual') {
      const out = units ?? before;
      width = out;
      if (before === null || out === null) return { nOutputs: out, nParameters: null };
      return { nOutputs: out, nParameters: before * out + out + out * out + out + (before === out ? 0 : before * out) };
    }
    if (kind === 'embedding') {
      // How many columns hold categories is known only to the run.
      width = null;
      return { nOutputs: null, nParameters: null };
    }
    if (kind === 'batchNorm' || kind === 'layerNorm')
      return { nOutputs: before, nParameters: before === null ? null : 2 * before };
    return { nOutputs: before, nParameters: 0 };
  });
}

/** The list as the file should have it: numbers stay numbers while nothing but their units is said. */
export function toLayers(value: unknown): Layer[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (v): v is Layer =>
      typeof v === 'number' ||
      (typeof v === 'object' && v !== null && typeof (v as { type?: unknown }).type === 'string'),
  );
}
