import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { InputColumn } from '../columnPlan.ts';
import { rows, vector } from './parts.ts';

/** How truth values are written by what makes text of them: pandas, Arrow, JSON, SQL. */
export const SPELLINGS = {
  true: ['true', 'True', 'TRUE', '1', '1.0'],
  false: ['false', 'False', 'FALSE', '0', '0.0'],
  missing: ['', 'nan', 'NaN', 'None', 'null', '<NA>'],
} as const;

/** Times from here on (the year 10000, in seconds) are milli-, micro- or nanoseconds of one who did not know. */
const END_OF_TIME = 253_402_300_800;

/** What the engine would have read where a caller fed `raw`. */
export function inputToOnnx(graph: OnnxGraph, raw: OnnxValue, { as, type }: InputColumn): OnnxValue {
  if (as === 'number') return type === 'time' ? refuseOtherUnits(graph, raw) : raw;
  return type === 'boolean' ? oneSpelling(graph, raw) : raw;
}

/** 'true', 'false' or '' for every way to write them; other texts stay. */
function oneSpelling(graph: OnnxGraph, raw: OnnxValue): OnnxValue {
  const other = '\u0001';
  const strings = (value: readonly string[]) => ({ kind: 'strings', value }) as const;
  const { true: yes, false: no, missing } = SPELLINGS;
  const known = graph.node(
    'LabelEncoder',
    [raw],
    rows('string'),
    {
      keys_strings: strings([...yes, ...no, ...missing]),
      values_strings: strings([...yes.map(() => 'true'), ...no.map(() => 'false'), ...missing.map(() => '')]),
      default_string: { kind: 'string', value: other },
    },
    'ai.onnx.ml',
  );
  const isOther = graph.node('Equal', [known, vector(graph, 'string', [other])], rows('bool'));
  return graph.node('Where', [isOther, raw, known], rows('string'));
}

/**
 * The same numbers; a run with a later time fails. There is no operator that refuses, but taking element 1 of an array of
 * one does, and ONNX Runtime's message names the node.
 */
function refuseOtherUnits(graph: OnnxGraph, raw: OnnxValue): OnnxValue {
  const scalar = (type: OnnxValue['type']) => ({ type, shape: [] }) as const;
  const keep = { keepdims: { kind: 'int', value: 0 } } as const;
  const size = graph.node('Abs', [raw], rows('float64'));
  const isLate = graph.node('GreaterOrEqual', [size, vector(graph, 'float64', [END_OF_TIME])], rows('bool'));
  // Infinite times count as missing, as everywhere.
  const isFinite = graph.node('Not', [graph.node('IsInf', [raw], rows('bool'))], rows('bool'));
  const isOff = graph.node('And', [isLate, isFinite], rows('bool'));
  const count = graph.node('Cast', [isOff], rows('int64'), { to: { kind: 'int', value: 7 } });
  const any = graph.node('ReduceMax', [count], scalar('int64'), keep);
  const nothing = vector(graph, 'float64', [0]);
  const zero = graph.namedNode(`${raw.name}: give seconds since 1970 UTC`, 'Gather', [nothing, any], scalar('float64'));
  return graph.node('Add', [raw, zero], rows('float64'));
}
