import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { ProductPlan } from '../products.ts';
import { cast, rows, vector } from './parts.ts';

/** All products at once, in float64 as `productWriter` has them. @param features what they multiply, (n, width) */
export function productsToOnnx(graph: OnnxGraph, features: OnnxValue, plans: readonly ProductPlan[]): OnnxValue {
  const width = plans.length;
  const wide = rows('float64', width);
  const factor = (which: 0 | 1) => {
    const at = vector(
      graph,
      'int64',
      plans.map(({ factors }) => factors[which]),
    );
    const found = graph.node('Gather', [features, at], rows('float32', width), { axis: { kind: 'int', value: 1 } });
    return cast(graph, found, 'float64', width);
  };
  const product = graph.node('Mul', [factor(0), factor(1)], wide);
  const offset = vector(
    graph,
    'float64',
    plans.map((plan) => plan.offset),
  );
  const scale = vector(
    graph,
    'float64',
    plans.map((plan) => plan.scale),
  );
  const scaled = graph.node('Div', [graph.node('Sub', [product, offset], wide), scale], wide);
  return cast(graph, scaled, 'float32', width);
}
