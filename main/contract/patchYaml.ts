import { isCollection, isMap, isScalar, parseDocument, type Document } from 'yaml';

/**
 * Sets the values at dotted paths, keeping comments and layout; undefined takes a key out, and the mappings it
 * leaves empty with it. Done in the window, at once: a round trip could overwrite what is typed meanwhile.
 * A file that cannot be parsed is returned as it is.
 */
export function patchYaml(yaml: string, patch: Readonly<Record<string, unknown>>): string {
  const doc = parseDocument(yaml);
  if (doc.errors.length > 0) return yaml;
  if (doc.contents === null || !isMap(doc.contents))
    doc.contents = doc.createNode({}) as unknown as typeof doc.contents;
  for (const [path, value] of Object.entries(patch)) {
    const keys = path.split('.');
    if (value === undefined) removeAt(doc, keys);
    else setAt(doc, keys, value);
  }
  const isTight = /[{][^\s}]/.test(yaml) || !/\{ /.test(yaml);
  return doc.toString({ lineWidth: 0, flowCollectionPadding: !isTight });
}

function setAt(doc: Document, keys: readonly string[], value: unknown): void {
  // A scalar in the way (`coreset: false`) gives place to the mapping.
  for (let k = 1; k < keys.length; k++) {
    const parent = keys.slice(0, k);
    if (doc.hasIn(parent) && !isMap(doc.getIn(parent, true))) doc.setIn(parent, doc.createNode({}));
  }
  const old = doc.getIn(keys, true);
  if (isScalar(old) && isPlain(value)) {
    // Only the value changes: the comment beside it stays.
    old.value = value;
    delete old.source;
    delete old.type;
    return;
  }
  const node = doc.createNode(value);
  if (isCollection(node) && (Array.isArray(value) || isInFlow(doc, keys) || isSmall(value))) node.flow = true;
  if (isCollection(old) && old.comment) node.comment = old.comment;
  doc.setIn(keys, node);
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function isSmall(value: unknown): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).length < 60;
}

function isInFlow(doc: Document, keys: readonly string[]): boolean {
  const parent = doc.getIn(keys.slice(0, -1), true);
  return isCollection(parent) && parent.flow === true;
}

function removeAt(doc: Document, keys: readonly string[]): void {
  if (!doc.hasIn(keys)) return;
  doc.deleteIn(keys);
  for (let k = keys.length - 1; k > 0; k--) {
    const parent = doc.getIn(keys.slice(0, k), true);
    if (!isMap(parent) || parent.items.length > 0) return;
    doc.deleteIn(keys.slice(0, k));
  }
}
