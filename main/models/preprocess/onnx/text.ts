import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { HashedTextPlan } from '../hashedText.ts';
import type { TextPlan } from '../textColumn.ts';
import { bucketToOnnx } from './category.ts';
import { rows, vector } from './parts.ts';

/** Words between blanks, shape (n, most words of a text); shorter texts end in empty texts. */
function wordsToOnnx(graph: OnnxGraph, raw: OnnxValue): OnnxValue {
  const [split] = graph.nodeMany('StringSplit', [raw], [{ type: 'string', shape: ['n', 1, 'words'] }, rows('int64')]);
  return graph.node('Squeeze', [split, vector(graph, 'int64', [1])], rows('string', 'words'));
}

/** Rows of length 1; rows of zeros stay. */
function normalised(graph: OnnxGraph, counted: OnnxValue, width: number): OnnxValue {
  const axis = vector(graph, 'int64', [1]);
  const length = graph.node('ReduceL2', [counted, axis], rows('float32'), { keepdims: { kind: 'int', value: 1 } });
  const tiny = vector(graph, 'float32', [1e-12]);
  return graph.node('Div', [counted, graph.node('Max', [length, tiny], rows('float32'))], rows('float32', width));
}

/** Counts of words times their weights. */
export function textToOnnx(graph: OnnxGraph, raw: OnnxValue, { words, weights }: TextPlan): OnnxValue {
  const counted = graph.node('TfIdfVectorizer', [wordsToOnnx(graph, raw)], rows('float32', words.length), {
    mode: { kind: 'string', value: 'TFIDF' },
    min_gram_length: { kind: 'int', value: 1 },
    max_gram_length: { kind: 'int', value: 1 },
    max_skip_count: { kind: 'int', value: 0 },
    ngram_counts: { kind: 'ints', value: [0] },
    ngram_indexes: { kind: 'ints', value: [...words.keys()] },
    pool_strings: { kind: 'strings', value: words },
    weights: { kind: 'floats', value: weights },
  });
  return normalised(graph, counted, words.length);
}

/** Signs of words and of pairs of neighbours, added up by bucket. */
export function hashedTextToOnnx(graph: OnnxGraph, raw: OnnxValue, { nBuckets }: HashedTextPlan): OnnxValue {
  const words = wordsToOnnx(graph, raw);
  const ints = (...data: number[]) => vector(graph, 'int64', data);
  const slice = (from: number, to: number) =>
    graph.node('Slice', [words, ints(from), ints(to), ints(1)], rows('string', 'pairs'));
  const [first, second] = [slice(0, -1), slice(1, 2 ** 31 - 1)];
  const concat = (a: OnnxValue, b: OnnxValue) => graph.node('StringConcat', [a, b], rows('string', 'pairs'));
  const pairs = concat(concat(first, vector(graph, 'string', [' '])), second);
  const beside = (a: OnnxValue, b: OnnxValue) =>
    graph.node('Concat', [a, b], rows('string', 'grams'), { axis: { kind: 'int', value: 1 } });
  const { bucket, sign } = bucketToOnnx(graph, beside(words, pairs), nBuckets, 'grams');
  // Past the end of a text: its last word, or the second of a pair, is empty.
  const isPast = graph.node('Equal', [beside(words, second), vector(graph, 'string', [''])], rows('bool', 'grams'));
  const zero = vector(graph, 'float32', [0]);
  const counts = graph.node('Where', [isPast, zero, sign], rows('float32', 'grams'));
  const shape = graph.node(
    'Concat',
    [rowCount(graph, words), ints(nBuckets)],
    { type: 'int64', shape: [2] },
    {
      axis: { kind: 'int', value: 0 },
    },
  );
  const empty = graph.node('ConstantOfShape', [shape], rows('float32', nBuckets));
  const counted = graph.node('ScatterElements', [empty, bucket, counts], rows('float32', nBuckets), {
    axis: { kind: 'int', value: 1 },
    reduction: { kind: 'string', value: 'add' },
  });
  return normalised(graph, counted, nBuckets);
}

const rowCount = (graph: OnnxGraph, value: OnnxValue): OnnxValue =>
  graph.node(
    'Shape',
    [value],
    { type: 'int64', shape: [1] },
    {
      start: { kind: 'int', value: 0 },
      end: { kind: 'int', value: 1 },
    },
  );
