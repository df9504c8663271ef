import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { TimePart } from '../dates.ts';
import type { NumberPlan } from '../numberColumn.ts';
import { isLog } from '../yeoJohnson.ts';
import { cast, rows, vector } from './parts.ts';

const column = rows('float64');

/** Numbers are float64 up to the last step, so that large values lose nothing before they are scaled. */
export function numberToOnnx(graph: OnnxGraph, raw: OnnxValue, plan: NumberPlan): OnnxValue {
  const constant = (value: number) => vector(graph, 'float64', [value]);
  const [isNaN, isInfinite] = [graph.node('IsNaN', [raw], rows('bool')), graph.node('IsInf', [raw], rows('bool'))];
  const isMissing = graph.node('Or', [isNaN, isInfinite], rows('bool'));
  if (plan.isIndicator) return cast(graph, isMissing, 'float32');
  let value = graph.node('Where', [isMissing, constant(plan.fill), partToOnnx(graph, raw, plan.part)], column);
  if (plan.power !== undefined) value = yeoJohnsonToOnnx(graph, value, plan.power);
  if (plan.offset !== 0) value = graph.node('Sub', [value, constant(plan.offset)], column);
  if (plan.scale !== 1) value = graph.node('Div', [value, constant(plan.scale)], column);
  return cast(graph, value, 'float32');
}

/** The arithmetic of `yeoJohnson`, operation by operation; both signs are computed and one is kept. */
function yeoJohnsonToOnnx(graph: OnnxGraph, x: OnnxValue, lambda: number): OnnxValue {
  const c = (value: number) => vector(graph, 'float64', [value]);
  const op = (name: string, ...inputs: OnnxValue[]) => graph.node(name, inputs, column);
  const base = op('Add', op('Abs', x), c(1));
  const boxCox = (power: number) =>
    isLog(power) ? op('Log', base) : op('Div', op('Sub', op('Pow', base, c(power)), c(1)), c(power));
  const isNegative = graph.node('Less', [x, c(0)], rows('bool'));
  return op('Where', isNegative, op('Neg', boxCox(2 - lambda)), boxCox(lambda));
}

/** The arithmetic of `timePart`, operation by operation. */
function partToOnnx(graph: OnnxGraph, seconds: OnnxValue, part: TimePart): OnnxValue {
  if (part === 'value') return seconds;
  const c = (value: number) => vector(graph, 'float64', [value]);
  const op = (name: string, a: OnnxValue, b: OnnxValue) => graph.node(name, [a, b], column);
  const floorDiv = (a: OnnxValue, b: number) => graph.node('Floor', [op('Div', a, c(b))], column);
  const modulo = (a: OnnxValue, b: number) => op('Sub', a, op('Mul', floorDiv(a, b), c(b)));
  if (part === 'hour') return floorDiv(modulo(seconds, 86_400), 3600);
  const day = floorDiv(seconds, 86_400);
  if (part === 'weekday') return modulo(op('Add', day, c(3)), 7);
  const z = op('Add', day, c(719_468));
  const dayOfEra = modulo(z, 146_097);
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
  if (part === 'day') {
    const before = floorDiv(op('Add', op('Mul', fromMarch, c(153)), c(2)), 5);
    return op('Add', op('Sub', dayOfYear, before), c(1));
  }
  const isBeforeJanuary = graph.node('Less', [fromMarch, c(10)], rows('bool'));
  const choose = (a: OnnxValue, b: OnnxValue) => graph.node('Where', [isBeforeJanuary, a, b], column);
  if (part === 'month') return choose(op('Add', fromMarch, c(3)), op('Sub', fromMarch, c(9)));
  const year = op('Add', yearOfEra, op('Mul', floorDiv(z, 146_097), c(400)));
  return choose(year, op('Add', year, c(1)));
}
