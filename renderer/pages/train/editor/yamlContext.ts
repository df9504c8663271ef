/** Where the cursor stands in a YAML file that need not be complete or correct. */
export interface YamlContext {
  /** Keys from the top to here; list items are `*`. For a key being typed, the mapping it belongs to. */
  readonly path: readonly string[];
  readonly isKey: boolean;
  /** What has been typed of the key or value. */
  readonly prefix: string;
  /** Column of the key, for what is written under it. */
  readonly indent: number;
  readonly isFlow: boolean;
}

interface BlockEntry {
  readonly indent: number;
  readonly key: string;
}

interface FlowFrame {
  readonly kind: '{' | '[';
  key: string | null;
  text: string;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#:{}[\],"'][^:#]*?)\s*:(?=\s|$)/;

/** Reads forwards to `offset`: block mappings by their indentation, `{…}` and `[…]` by their brackets. */
export function yamlContext(text: string, offset: number): YamlContext {
  const lines = text.slice(0, offset).split('\n');
  const stack: BlockEntry[] = [];
  let flow: FlowFrame[] = [];
  for (const line of lines.slice(0, -1)) {
    if (flow.length > 0) flow = scanFlow(line, flow);
    else flow = scanBlock(line, stack);
  }
  const last = lines.at(-1)!;
  if (flow.length > 0) return atFlow(stack, scanFlow(last, flow), last);
  return atBlock(last, stack);
}

function unquote(key: string): string {
  const trimmed = key.trim();
  return /^(["']).*\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Takes a whole line into the stack; returns the flow frames that its value leaves open. */
function scanBlock(line: string, stack: BlockEntry[]): FlowFrame[] {
  let rest = line.replace(/\s+#.*$|^#.*$/, '');
  if (rest.trim() === '') return [];
  let indent = rest.length - rest.trimStart().length;
  rest = rest.trimStart();
  while (/^-(\s|$)/.test(rest)) {
    // A list may stand at the indentation of its own key, so an equal one is kept.
    popTo(stack, indent, true);
    stack.push({ indent: indent + 0.5, key: '*' });
    const after = rest.slice(1);
    indent += 1 + (after.length - after.trimStart().length);
    rest = after.trimStart();
  }
  const key = KEY.exec(rest);
  if (!key) return opensFlow(rest) ? scanFlow(rest, []) : [];
  popTo(stack, indent, false);
  stack.push({ indent, key: unquote(key[1]!) });
  const value = rest.slice(key[0].length).trimStart();
  return opensFlow(value) ? scanFlow(value, []) : [];
}

function opensFlow(value: string): boolean {
  return value.startsWith('{') || value.startsWith('[');
}

function popTo(stack: BlockEntry[], indent: number, isEqualKept: boolean): void {
  while (stack.length > 0 && (isEqualKept ? stack.at(-1)!.indent > indent : stack.at(-1)!.indent >= indent))
    stack.pop();
}

function scanFlow(line: string, from: readonly FlowFrame[]): FlowFrame[] {
  const frames = from.map((f) => ({ ...f }));
  let quote = '';
  for (let k = 0; k < line.length; k++) {
    const c = line[k]!;
    const top = frames.at(-1);
    if (quote) {
      if (c === quote) quote = '';
      if (top) top.text += c;
    } else if ((c === '"' || c === "'") && (top?.text.trim() ?? '') === '') {
      quote = c;
      if (top) top.text += c;
    } else if (c === '#' && (k === 0 || /\s/.test(line[k - 1]!))) break;
    else if (c === '{' || c === '[') frames.push({ kind: c, key: null, text: '' });
    else if (c === '}' || c === ']') {
      frames.pop();
      // What follows a closed value is a separator; it must not read as a value of its own.
      if (frames.length > 0) frames.at(-1)!.text = '';
    } else if (!top) break;
    else if (c === ',') {
      top.key = null;
      top.text = '';
    } else if (c === ':' && top.kind === '{' && top.key === null && /^(\s|$)/.test(line.slice(k + 1))) {
      top.key = unquote(top.text);
      top.text = '';
    } else top.text += c;
  }
  return frames;
}

function atFlow(stack: readonly BlockEntry[], frames: readonly FlowFrame[], line: string): YamlContext {
  const top = frames.at(-1);
  const indent = line.length - line.trimStart().length;
  if (!top) return { path: stack.map((s) => s.key), isKey: false, prefix: '', indent, isFlow: true };
  const path = stack.map((s) => s.key);
  for (const f of frames.slice(0, -1)) path.push(f.kind === '[' ? '*' : (f.key ?? ''));
  const prefix = top.text.trimStart();
  if (top.kind === '[') return { path: [...path, '*'], isKey: false, prefix, indent, isFlow: true };
  if (top.key === null) return { path, isKey: true, prefix, indent, isFlow: true };
  return { path: [...path, top.key], isKey: false, prefix, indent, isFlow: true };
}

function atBlock(line: string, stack: BlockEntry[]): YamlContext {
  if (/(^|\s)#/.test(line)) return { path: [], isKey: false, prefix: '#', indent: 0, isFlow: false };
  let indent = line.length - line.trimStart().length;
  let rest = line.trimStart();
  let isItem = false;
  while (/^-(\s|$)/.test(rest)) {
    popTo(stack, indent, true);
    stack.push({ indent: indent + 0.5, key: '*' });
    const after = rest.slice(1);
    indent += 1 + (after.length - after.trimStart().length);
    rest = after.trimStart();
    isItem = true;
  }
  const key = KEY.exec(rest) ?? /^([^\s#:{}[\],]+):$/.exec(rest);
  if (!isItem || key) popTo(stack, indent, false);
  const path = stack.map((s) => s.key);
  if (!key) {
    return isItem
      ? { path, isKey: false, prefix: rest, indent, isFlow: false }
      : { path, isKey: true, prefix: rest, indent, isFlow: false };
  }
  const own = [...path, unquote(key[1]!)];
  const value = rest.slice(key[0].length).trimStart();
  if (!opensFlow(value)) return { path: own, isKey: false, prefix: value, indent, isFlow: false };
  stack.push({ indent, key: unquote(key[1]!) });
  return atFlow(stack, scanFlow(value, []), line);
}
