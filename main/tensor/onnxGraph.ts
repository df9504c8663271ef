/**
 * An ONNX graph under construction: what estimators, preprocessing and training steps append nodes to.
 * Plain data; `encodeOnnx` (./encode.ts) turns it into a model file.
 */
export type OnnxType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool' | 'string';

/** A named value in the graph; `shape` may hold symbolic sizes such as `n`. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: ArrayLike<number> }
  | { readonly kind: 'floats'; readonly value: ArrayLike<number> }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor };

export interface OnnxTensor {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** Numbers for number and bool types (int64 too: safe integers), strings for `string`. */
  readonly data: ArrayLike<number> | readonly string[];
}

export interface OnnxNode {
  readonly op: string;
  /** '' is the default ONNX domain; `ai.onnx.ml` holds trees, encoders and SVMs; `com.microsoft` ONNX Runtime's own. */
  readonly domain: '' | 'ai.onnx.ml' | 'com.microsoft';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxTensor>();
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  private nextId = 0;

  /** A graph input that the caller feeds. */
  input(name: string, type: OnnxType, shape: readonly (number | string)[]): OnnxValue {
    const value = { name, type, shape };
    this.inputs.push(value);
    return value;
  }

  /** A constant stored in the file. */
  constant(tensor: OnnxTensor, hint = 'const'): OnnxValue {
    const name = this.fresh(hint);
    this.initializers.set(name, tensor);
    return { name, type: tensor.type, shape: tensor.shape };
  }

  /** Appends a node with one output of the given type and shape; an empty input name means "left out". */
  node(
    op: string,
    inputs: readonly (OnnxValue | undefined)[],
    out: { readonly type: OnnxType; readonly shape: readonly (number | string)[] },
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain: OnnxNode['domain'] = '',
  ): OnnxValue {
    return this.nodeMany(op, inputs, [out], attributes, domain)[0]!;
  }

  /** As `node`, with a name that a runtime's messages have in them. */
  namedNode(
    name: string,
    op: string,
    inputs: readonly OnnxValue[],
    out: { readonly type: OnnxType; readonly shape: readonly (number | string)[] },
  ): OnnxValue {
    const value = { ...out, name: this.fresh(name) };
    this.nodes.push({ op, domain: '', inputs: inputs.map((v) => v.name), outputs: [value.name], attributes: {} });
    return value;
  }

  /** Appends a node with several outputs. */
  nodeMany(
    op: string,
    inputs: readonly (OnnxValue | undefined)[],
    outs: readonly { readonly type: OnnxType; readonly shape: readonly (number | string)[] }[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain: OnnxNode['domain'] = '',
  ): OnnxValue[] {
    const values = outs.map(({ type, shape }) => ({ name: this.fresh(op), type, shape }));
    this.nodes.push({
      op,
      domain,
      inputs: inputs.map((v) => v?.name ?? ''),
      outputs: values.map((v) => v.name),
      attributes,
    });
    return values;
  }

  /** Publishes `value` under `name`, or `output_name` where an input is called so, as a graph output. */
  output(wanted: string, value: OnnxValue): void {
    const name = this.isInput(wanted) ? `output_${wanted}` : wanted;
    this.nodes.push({ op: 'Identity', domain: '', inputs: [value.name], outputs: [name], attributes: {} });
    this.outputs.push({ ...value, name });
  }

  /**
   * As `output`, but the node that makes `value` gives it this name, so that nothing is copied.
   * A value no node makes, or one that is an output already, is copied.
   */
  outputInPlace(name: string, value: OnnxValue): void {
    const isOutput = this.outputs.some((known) => known.name === value.name);
    if (isOutput || !this.nodes.some((node) => node.outputs.includes(value.name))) {
      this.output(name, value);
      return;
    }
    const renamed = (names: readonly string[]) => names.map((n) => (n === value.name ? name : n));
    this.nodes.forEach((node, i) => {
      if (node.inputs.includes(value.name) || node.outputs.includes(value.name))
        this.nodes[i] = { ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) };
    });
    this.outputs.push({ ...value, name });
  }

  private isInput(name: string): boolean {
    return this.inputs.some((input) => input.name === name);
  }

  private fresh(hint: string): string {
    const name = `${hint}_${this.nextId++}`;
    // Inputs are called as their columns are, which may be anything.
    return this.isInput(name) ? this.fresh(hint) : name;
  }
}
