import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import { widthOf } from './features.ts';
import { categoryToOnnx, hashToOnnx, targetToOnnx } from './onnx/category.ts';
import { inputToOnnx } from './onnx/inputs.ts';
import { numberToOnnx } from './onnx/number.ts';
import { productsToOnnx } from './onnx/products.ts';
import { hashedTextToOnnx, textToOnnx } from './onnx/text.ts';
import type { PreprocessorState, RawPlan } from './plans.ts';

/** A graph input per raw column, then the features in the order of the plans, float32, shape (n, nFeatures). */
export function preprocessToOnnx(graph: OnnxGraph, { inputs, plans }: PreprocessorState, nFeatures: number): OnnxValue {
  const fed = inputs.map(({ name, as }) => graph.input(name, as === 'number' ? 'float64' : 'string', ['n', 1]));
  const raw = new Map(inputs.map((input, i) => [input.name, inputToOnnx(graph, fed[i]!, input)]));
  const products = plans.filter((plan) => plan.kind === 'product');
  const own = plans.filter((plan) => plan.kind !== 'product');
  const parts = own.map((plan) => columnToOnnx(graph, raw.get(plan.name)!, plan));
  const features = beside(
    graph,
    parts,
    own.reduce((sum, plan) => sum + widthOf(plan), 0),
  );
  return products.length === 0
    ? features
    : beside(graph, [features, productsToOnnx(graph, features, products)], nFeatures);
}

function beside(graph: OnnxGraph, parts: readonly OnnxValue[], width: number): OnnxValue {
  if (parts.length === 1) return parts[0]!;
  return graph.node('Concat', parts, { type: 'float32', shape: ['n', width] }, { axis: { kind: 'int', value: 1 } });
}

function columnToOnnx(graph: OnnxGraph, raw: OnnxValue, plan: RawPlan): OnnxValue {
  switch (plan.kind) {
    case 'number':
      return numberToOnnx(graph, raw, plan);
    case 'category':
      return categoryToOnnx(graph, raw, plan);
    case 'target':
      return targetToOnnx(graph, raw, plan);
    case 'hash':
      return hashToOnnx(graph, raw, plan);
    case 'text':
      return textToOnnx(graph, raw, plan);
    case 'hashedText':
      return hashedTextToOnnx(graph, raw, plan);
  }
}
