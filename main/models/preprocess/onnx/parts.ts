import { dataTypeCode } from '../../../tensor/encode.ts';
import type { OnnxGraph, OnnxTensor, OnnxType, OnnxValue } from '../../../tensor/onnxGraph.ts';

/** Shapes of nodes on one column of `width` features. */
export const rows = <T extends OnnxType>(type: T, width: number | string = 1) =>
  ({ type, shape: ['n', width] }) as const;

/** A constant of shape (data.length,). */
export const vector = (graph: OnnxGraph, type: OnnxType, data: ArrayLike<number> | readonly string[]): OnnxValue =>
  graph.constant({ type, shape: [data.length], data } satisfies OnnxTensor);

export const cast = <T extends keyof typeof dataTypeCode>(
  graph: OnnxGraph,
  value: OnnxValue,
  type: T,
  width: number | string = 1,
): OnnxValue => graph.node('Cast', [value], rows(type, width), { to: { kind: 'int', value: dataTypeCode[type] } });
