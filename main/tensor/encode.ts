import protobuf from 'protobufjs/light.js';
import type { OnnxAttribute, OnnxGraph, OnnxTensor, OnnxType, OnnxValue } from './onnxGraph.ts';
import { onnxSchema } from './onnxSchema.ts';

/** Operator sets our files declare: what onnxruntime 1.30 runs without a warning and older readers still open. */
export const OPSET = 22;
const ML_OPSET = 3;
const MICROSOFT_OPSET = 1;
const IR_VERSION = 10;

/** TensorProto.DataType, also the values of the `to` attribute of Cast. */
export const dataTypeCode: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
};

// AttributeProto.AttributeType
const attributeType = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

export interface EncodeOptions {
  /** Key and value pairs kept in the file, e.g. what its classes are called. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly docString?: string;
  readonly producerVersion?: string;
}

let modelProto: protobuf.Type | undefined;

/** The graph as the bytes of an .onnx file. Throws RangeError for a tensor whose data does not fill its shape. */
export function encodeOnnx(graph: OnnxGraph, options: EncodeOptions = {}): Uint8Array<ArrayBuffer> {
  modelProto ??= protobuf.Root.fromJSON(onnxSchema as unknown as protobuf.INamespace).lookupType('onnx.ModelProto');
  const uses = (domain: string) => graph.nodes.some((node) => node.domain === domain);
  const message = {
    irVersion: IR_VERSION,
    opsetImport: [
      { domain: '', version: OPSET },
      ...(uses('ai.onnx.ml') ? [{ domain: 'ai.onnx.ml', version: ML_OPSET }] : []),
      ...(uses('com.microsoft') ? [{ domain: 'com.microsoft', version: MICROSOFT_OPSET }] : []),
    ],
    producerName: 'pith',
    producerVersion: options.producerVersion ?? '',
    docString: options.docString ?? '',
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'pith',
      node: graph.nodes.map((node) => ({
        opType: node.op,
        domain: node.domain,
        name: node.outputs[0] ?? '',
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
      })),
      initializer: [...graph.initializers].map(([name, tensor]) => encodeTensor(name, tensor)),
      input: graph.inputs.map(encodeValue),
      output: graph.outputs.map(encodeValue),
    },
  };
  return Uint8Array.from(modelProto.encode(message).finish());
}

function encodeAttribute(name: string, attribute: OnnxAttribute): Record<string, unknown> {
  const type = attributeType[attribute.kind];
  switch (attribute.kind) {
    case 'int':
      return { name, type, i: attribute.value };
    case 'float':
      return { name, type, f: attribute.value };
    case 'string':
      return { name, type, s: Buffer.from(attribute.value) };
    case 'ints':
      return { name, type, ints: Array.from(attribute.value) };
    case 'floats':
      return { name, type, floats: Array.from(attribute.value) };
    case 'strings':
      return { name, type, strings: attribute.value.map((text) => Buffer.from(text)) };
    case 'tensor':
      return { name, type, t: encodeTensor('', attribute.value) };
  }
}

function encodeTensor(name: string, tensor: OnnxTensor): Record<string, unknown> {
  const size = tensor.shape.reduce((product, dim) => product * dim, 1);
  if (tensor.data.length !== size) {
    throw new RangeError(`encodeOnnx: ${name} has ${tensor.data.length} values for shape (${tensor.shape.join(', ')})`);
  }
  const head = { name, dims: tensor.shape, dataType: dataTypeCode[tensor.type] };
  if (tensor.type === 'string') {
    return { ...head, stringData: (tensor.data as readonly string[]).map((text) => Buffer.from(text)) };
  }
  return { ...head, rawData: rawBytes(tensor.type, tensor.data as ArrayLike<number>) };
}

/** Little-endian bytes, as the standard asks; every platform we run on is little-endian. */
function rawBytes(type: Exclude<OnnxType, 'string'>, data: ArrayLike<number>): Uint8Array {
  const view = ((): ArrayBufferView => {
    switch (type) {
      case 'float32':
        return data instanceof Float32Array ? data : Float32Array.from(data);
      case 'float64':
        return data instanceof Float64Array ? data : Float64Array.from(data);
      case 'int32':
        return Int32Array.from(data);
      case 'int64':
        return BigInt64Array.from(data as ArrayLike<number>, (value) => BigInt(value));
      case 'uint8':
      case 'bool':
        return Uint8Array.from(data, Number);
    }
  })();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function encodeValue({ name, type, shape }: OnnxValue): Record<string, unknown> {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: dataTypeCode[type], shape: { dim } } } };
}
