import { isMap, isPair, isScalar, parseDocument, visit } from 'yaml';
import { paramRange, type EditorKnowledge } from './completions.ts';
import { describeType, nodesAt } from './schemaWalk.ts';

/** Dotted path of the key or value at `offset`, with its range in the text; null between things. */
export function pathAt(text: string, offset: number): { path: string[]; from: number; to: number } | null {
  const doc = parseDocument(text);
  let found: { path: string[]; from: number; to: number } | null = null;
  visit(doc, {
    Pair(_, pair, ancestors) {
      const key = pair.key;
      if (!isScalar(key) || !key.range) return;
      const [from, to] = key.range;
      const isOnKey = offset >= from && offset <= to;
      const value = pair.value;
      const isOnValue = isScalar(value) && value.range != null && offset >= value.range[0] && offset <= value.range[1];
      if (!isOnKey && !isOnValue) return;
      const path = ancestors.filter(isPair).map((p) => String(isScalar(p.key) ? p.key.value : p.key));
      found = { path: [...path, String(key.value)], from, to };
    },
  });
  return found;
}

/** What a hover says about `path`, as Markdown lines; null when nothing is known. */
export function explainPath(path: readonly string[], text: string, knowledge: EditorKnowledge): string[] | null {
  const dotted = path.join('.');
  const param = /^(?:model\.params|tune\.space)\.([^.]+)$/.exec(dotted)?.[1];
  if (param !== undefined) {
    const type = modelType(text);
    const spec = knowledge.estimators.find((e) => e.type === type)?.params.find((p) => p.name === param);
    return spec
      ? [
          `**${spec.label}** · ${paramRange(spec)}${spec.unit ? ` · ${spec.unit}` : ''}`,
          spec.help,
          `Default: \`${JSON.stringify(spec.default ?? null)}\``,
        ]
      : null;
  }
  if (dotted === 'model.type') {
    const spec = knowledge.estimators.find((e) => e.type === modelType(text));
    if (spec) return [`**${spec.title}**`, spec.description];
  }
  const nodes = nodesAt(knowledge.schema, path);
  const first = nodes[0];
  if (!first) return null;
  const description = nodes.find((n) => n.description)?.description;
  const type = describeType(knowledge.schema, first);
  return [`**${path.at(-1)}**${type ? ` · ${type}` : ''}`, ...(description ? [description] : [])];
}

function modelType(text: string): string | undefined {
  const doc = parseDocument(text);
  if (!isMap(doc.contents)) return undefined;
  const type = doc.getIn(['model', 'type']);
  return typeof type === 'string' ? type : undefined;
}
