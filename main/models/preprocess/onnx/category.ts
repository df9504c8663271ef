import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import { categoryWidth, type CategoryPlan } from '../categoryColumn.ts';
import type { HashPlan } from '../hashColumn.ts';
import { targetFeatures, type TargetPlan } from '../targetColumn.ts';
import { cast, rows, vector } from './parts.ts';

/** Place of each text: of a level, of a missing cell (the empty text), of anything else. */
function placeOf(graph: OnnxGraph, raw: OnnxValue, levels: readonly string[], missing: number, other: number) {
  return graph.node(
    'LabelEncoder',
    [raw],
    rows('int64'),
    {
      keys_strings: { kind: 'strings', value: [...levels, ''] },
      values_int64s: { kind: 'ints', value: [...levels.keys(), missing] },
      default_int64: { kind: 'int', value: other },
    },
    'ai.onnx.ml',
  );
}

/** Texts to positions by a label encoder, then a comparison with every position. */
export function categoryToOnnx(graph: OnnxGraph, raw: OnnxValue, plan: CategoryPlan): OnnxValue {
  const width = categoryWidth(plan);
  const rare = plan.hasRare ? plan.levels.length : -1;
  const missing = plan.hasMissing ? plan.levels.length + (plan.hasRare ? 1 : 0) : -1;
  const code = placeOf(graph, raw, plan.levels, missing, rare);
  if (plan.encode === 'codes') {
    const value = cast(graph, code, 'float32');
    const isUnknown = graph.node('Less', [value, vector(graph, 'float32', [0])], rows('bool'));
    return graph.node('Where', [isUnknown, vector(graph, 'float32', [plan.unknown ?? NaN]), value], rows('float32'));
  }
  const positions = vector(
    graph,
    'int64',
    Array.from({ length: width }, (_, i) => i),
  );
  return cast(graph, graph.node('Equal', [code, positions], rows('bool', width)), 'float32', width);
}

/** Texts to places by a label encoder, then a look-up of each place's features. */
export function targetToOnnx(graph: OnnxGraph, raw: OnnxValue, plan: TargetPlan): OnnxValue {
  const { levels, hasMissing, outputs } = plan;
  const width = outputs.length;
  const unknown = levels.length + (hasMissing ? 1 : 0);
  const place = placeOf(graph, raw, levels, hasMissing ? levels.length : unknown, unknown);
  const table = graph.constant(
    { type: 'float32', shape: [unknown + 1, width], data: targetFeatures(plan, plan.values) },
    'encodings',
  );
  const found = graph.node('Gather', [table, place], { type: 'float32', shape: ['n', 1, width] });
  return graph.node('Squeeze', [found, vector(graph, 'int64', [1])], rows('float32', width));
}

/** Bucket and sign of each text's hash, by ONNX Runtime's own MurmurHash3; shapes as `texts`, (n, width). */
export function bucketToOnnx(
  graph: OnnxGraph,
  texts: OnnxValue,
  nBuckets: number,
  width: number | string,
): { bucket: OnnxValue; sign: OnnxValue } {
  const signed = graph.node(
    'MurmurHash3',
    [texts],
    rows('int32', width),
    { positive: { kind: 'int', value: 0 }, seed: { kind: 'int', value: 0 } },
    'com.microsoft',
  );
  const hash = cast(graph, signed, 'int64', width);
  const size = graph.node('Abs', [hash], rows('int64', width));
  const bucket = graph.node('Mod', [size, vector(graph, 'int64', [nBuckets])], rows('int64', width));
  const isNegative = graph.node('Less', [hash, vector(graph, 'int64', [0])], rows('bool', width));
  const [minus, plus] = [vector(graph, 'float32', [-1]), vector(graph, 'float32', [1])];
  return { bucket, sign: graph.node('Where', [isNegative, minus, plus], rows('float32', width)) };
}

/** The sign where the bucket is the feature's, else 0. */
export function hashToOnnx(graph: OnnxGraph, raw: OnnxValue, { nBuckets, buckets }: HashPlan): OnnxValue {
  const width = buckets.length;
  const { bucket, sign } = bucketToOnnx(graph, raw, nBuckets, 1);
  const isHere = graph.node('Equal', [bucket, vector(graph, 'int64', buckets)], rows('bool', width));
  return graph.node('Where', [isHere, sign, vector(graph, 'float32', [0])], rows('float32', width));
}
