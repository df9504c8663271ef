import { TIE } from '../../kernels/likeliest.ts';
import { dataTypeCode } from '../../tensor/encode.ts';
import type { OnnxAttribute, OnnxGraph, OnnxType, OnnxValue } from '../../tensor/onnxGraph.ts';

const int = (value: number): OnnxAttribute => ({ kind: 'int', value });

/**
 * Index of each row's class by the rule of `likeliest`, or of `reaches` where there is a threshold.
 * @param proba shape (n, nClasses)
 * @returns int64 (n,)
 */
export function labelsToOnnx(graph: OnnxGraph, proba: OnnxValue, threshold: number | undefined): OnnxValue {
  const [n, k] = [proba.shape[0] ?? 'n', proba.shape[1] ?? 'k'];
  const cast = (value: OnnxValue, type: OnnxType) =>
    graph.node('Cast', [value], { type, shape: value.shape }, { to: int(dataTypeCode[type]) });
  const constant = (type: OnnxType, ...data: number[]) => graph.constant({ type, shape: [data.length], data });
  const wide = cast(proba, 'float64');
  const label = { type: 'int64', shape: [n] } as const;
  if (threshold !== undefined) {
    const second = graph.constant({ type: 'int64', shape: [], data: [1] });
    const p = graph.node('Gather', [wide, second], { type: 'float64', shape: [n] }, { axis: int(1) });
    const isReached = graph.node('GreaterOrEqual', [p, constant('float64', threshold - TIE)], {
      type: 'bool',
      shape: [n],
    });
    return cast(isReached, 'int64');
  }
  const top = graph.node(
    'ReduceMax',
    [wide, constant('int64', 1)],
    { type: 'float64', shape: [n, 1] },
    { keepdims: int(1) },
  );
  const least = graph.node('Sub', [top, constant('float64', TIE)], top);
  const isTop = graph.node('GreaterOrEqual', [wide, least], { type: 'bool', shape: [n, k] });
  return graph.node('ArgMax', [cast(isTop, 'uint8')], label, { axis: int(1), keepdims: int(0) });
}
