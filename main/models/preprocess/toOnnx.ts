import { dataTypeCode } from '../../tensor/encode.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import { categoryWidth, type CategoryPlan } from './categoryColumn.ts';
import type { NumberPlan } from './numberColumn.ts';
import type { TextPlan } from './textColumn.ts';
import type { PreprocessorState } from './preprocessor.ts';

/** Numbers are float64 up to the last step, so that large values lose nothing before they are scaled. */
export function preprocessToOnnx(graph: OnnxGraph, { inputs, plans }: PreprocessorState, nFeatures: number): OnnxValue {
  const raw = new Map(
    inputs.map(({ name, as }) => [name, graph.input(name, as === 'number' ? 'float64' : 'string', ['n', 1])]),
  );
  const parts = plans.map((plan) => {
    const value = raw.get(plan.name)!;
    if (plan.kind === 'text') return textToOnnx(graph, value, plan);
    return plan.kind === 'number' ? numberToOnnx(graph, value, plan) : categoryToOnnx(graph, value, plan);
  });
  return parts.length === 1
    ? parts[0]!
    : graph.node('Concat', parts, { type: 'float32', shape: ['n', nFeatures] }, { axis: { kind: 'int', value: 1 } });
}

const column = { type: 'float64', shape: ['n', 1] } as const;

function numberToOnnx(graph: OnnxGraph, raw: OnnxValue, plan: NumberPlan): OnnxValue {
  const constant = (value: number) => graph.constant({ type: 'float64', shape: [1], data: [value] });
  const isMissing = () => graph.node('IsNaN', [raw], { type: 'bool', shape: ['n', 1] });
  if (plan.isIndicator) return toFloat(graph, isMissing(), 1);
  let value = partToOnnx(graph, raw, plan.part);
  if (!Number.isNaN(plan.fill)) value = graph.node('Where', [isMissing(), constant(plan.fill), value], column);
  if (plan.offset !== 0) value = graph.node('Sub', [value, constant(plan.offset)], column);
  if (plan.scale !== 1) value = graph.node('Div', [value, constant(plan.scale)], column);
  return toFloat(graph, value, 1);
}

const toFloat = (graph: OnnxGraph, value: OnnxValue, width: number): OnnxValue =>
  graph.node(
    'Cast',
    [value],
    { type: 'float32', shape: ['n', width] },
    { to: { kind: 'int', value: dataTypeCode.float32 } },
  );

/** The arithmetic of `timePart`, operation by operation. */
function partToOnnx(graph: OnnxGraph, seconds: OnnxValue, part: NumberPlan['part']): OnnxValue {
  if (part === 'value') return seconds;
  const c = (value: number) => graph.constant({ type: 'float64', shape: [1], data: [value] });
  const op = (name: string, a: OnnxValue, b: OnnxValue) => graph.node(name, [a, b], column);
  const floorDiv = (a: OnnxValue, b: number) => graph.node('Floor', [op('Div', a, c(b))], column);
  const modulo = (a: OnnxValue, b: number) => op('Sub', a, op('Mul', floorDiv(a, b), c(b)));
  if (part === 'hour') return floorDiv(modulo(seconds, 86_400), 3600);
  const day = floorDiv(seconds, 86_400);
  if (part === 'weekday') return modulo(op('Add', day, c(3)), 7);
  const dayOfEra = modulo(op('Add', day, c(719_468)), 146_097);
  const minusLeaps = op(
    'Sub',
    op('Add', op('Sub', dayOfEra, floorDiv(dayOfEra, 1460)), floorDiv(dayOfEra, 36_524)),
    floorDiv(dayOfEra, 146_096),
  );
  const yearOfEra = floorDiv(minusLeaps, 365);
  const daysBefore = op(
    'Sub',
    op('Add', op('Mul', yearOfEra, c(365)), floorDiv(yearOfEra, 4)),
    floorDiv(yearOfEra, 100),
  );
  const dayOfYear = op('Sub', dayOfEra, daysBefore);
  const fromMarch = floorDiv(op('Add', op('Mul', dayOfYear, c(5)), c(2)), 153);
  const isBeforeJanuary = graph.node('Less', [fromMarch, c(10)], { type: 'bool', shape: ['n', 1] });
  return graph.node('Where', [isBeforeJanuary, op('Add', fromMarch, c(3)), op('Sub', fromMarch, c(9))], column);
}

/** Words between blanks, their counts times their weights, scaled to length 1; a text without known words is all zeros. */
function textToOnnx(graph: OnnxGraph, raw: OnnxValue, { words, weights }: TextPlan): OnnxValue {
  const width = words.length;
  const [split] = graph.nodeMany(
    'StringSplit',
    [raw],
    [
      { type: 'string', shape: ['n', 1, 'words'] },
      { type: 'int64', shape: ['n', 1] },
    ],
  );
  const axis = graph.constant({ type: 'int64', shape: [1], data: [1] });
  const tokens = graph.node('Squeeze', [split, axis], { type: 'string', shape: ['n', 'words'] });
  const shape = { type: 'float32', shape: ['n', width] } as const;
  const counted = graph.node('TfIdfVectorizer', [tokens], shape, {
    mode: { kind: 'string', value: 'TFIDF' },
    min_gram_length: { kind: 'int', value: 1 },
    max_gram_length: { kind: 'int', value: 1 },
    max_skip_count: { kind: 'int', value: 0 },
    ngram_counts: { kind: 'ints', value: [0] },
    ngram_indexes: { kind: 'ints', value: [...words.keys()] },
    pool_strings: { kind: 'strings', value: words },
    weights: { kind: 'floats', value: weights },
  });
  const one = { type: 'float32', shape: ['n', 1] } as const;
  const length = graph.node('ReduceL2', [counted, axis], one, { keepdims: { kind: 'int', value: 1 } });
  const tiny = graph.constant({ type: 'float32', shape: [1], data: [1e-12] });
  return graph.node('Div', [counted, graph.node('Max', [length, tiny], one)], shape);
}

/** Texts to positions by a label encoder (missing is the empty text), then a comparison with every position. */
function categoryToOnnx(graph: OnnxGraph, raw: OnnxValue, plan: CategoryPlan): OnnxValue {
  const width = categoryWidth(plan);
  const rare = plan.hasRare ? plan.levels.length : -1;
  const missing = plan.hasMissing ? plan.levels.length + (plan.hasRare ? 1 : 0) : -1;
  const code = graph.node(
    'LabelEncoder',
    [raw],
    { type: 'int64', shape: ['n', 1] },
    {
      keys_strings: { kind: 'strings', value: [...plan.levels, ''] },
      values_int64s: { kind: 'ints', value: [...plan.levels.keys(), missing] },
      default_int64: { kind: 'int', value: rare },
    },
    'ai.onnx.ml',
  );
  if (plan.encode === 'codes') {
    const value = toFloat(graph, code, 1);
    const zero = graph.constant({ type: 'float32', shape: [1], data: [0] });
    const isUnknown = graph.node('Less', [value, zero], { type: 'bool', shape: ['n', 1] });
    const unknown = graph.constant({ type: 'float32', shape: [1], data: [NaN] });
    return graph.node('Where', [isUnknown, unknown, value], { type: 'float32', shape: ['n', 1] });
  }
  const positions = graph.constant({
    type: 'int64',
    shape: [1, width],
    data: Array.from({ length: width }, (_, i) => i),
  });
  return toFloat(graph, graph.node('Equal', [code, positions], { type: 'bool', shape: ['n', width] }), width);
}
