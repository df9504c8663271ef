import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document, type Pair } from 'yaml';
import type { SourceSpan } from '../../contract/errors.ts';

/** A YAML text with the place of everything in it. */
export class ConfigDocument {
  readonly yaml: string;
  readonly doc: Document.Parsed;
  private readonly lines = new LineCounter();

  constructor(yaml: string) {
    this.yaml = yaml;
    this.doc = parseDocument(yaml, { lineCounter: this.lines, prettyErrors: false });
  }

  /** Place of the value at `path`, or of the nearest key above it that is there. */
  valueSpan(path: readonly PropertyKey[]): SourceSpan {
    for (let length = path.length; length > 0; length--) {
      const node = this.doc.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) {
        // A missing part of a mapping is told at the mapping's key, which a person sees, not over all its lines.
        return length === path.length ? this.span(node.range[0], node.range[1]) : this.keySpan(path.slice(0, length));
      }
    }
    return this.span(0, this.firstLineEnd());
  }

  /** Place of the key that ends `path`. */
  keySpan(path: readonly PropertyKey[]): SourceSpan {
    const key = this.pairAt(path)?.key;
    return isNode(key) && key.range ? this.span(key.range[0], key.range[1]) : this.valueSpan(path.slice(0, -1));
  }

  /** @param from,to offsets in the text */
  span(from: number, to: number): SourceSpan {
    const start = this.lines.linePos(from);
    const end = this.lines.linePos(Math.max(to, from));
    return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col };
  }

  private pairAt(path: readonly PropertyKey[]): Pair | undefined {
    const parent = path.length === 1 ? this.doc.contents : this.doc.getIn(path.slice(0, -1), true);
    const name = path.at(-1);
    if (!isMap(parent)) return undefined;
    return parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === name);
  }

  private firstLineEnd(): number {
    const end = this.yaml.indexOf('\n');
    return end < 0 ? this.yaml.length : end;
  }
}
