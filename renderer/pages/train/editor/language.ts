import type * as Monaco from 'monaco-editor/editor/editor.api.js';
import type { ConfigProblem } from '../../../../main/contract/config.ts';
import { completionsAt, type EditorKnowledge } from './completions.ts';
import { explainPath, pathAt } from './hover.ts';

type MonacoApi = typeof Monaco;

/** What one editor brings to the providers, which Monaco keeps per language. */
export interface EditorSource {
  readonly knowledge: () => EditorKnowledge | null;
  readonly problems: () => readonly ConfigProblem[];
}

const sources = new Map<string, EditorSource>();
let isRegistered = false;

/** Binds completions, hovers and quick fixes of the model to `source`; returns the unbinding. */
export function bindLanguage(monaco: MonacoApi, model: Monaco.editor.ITextModel, source: EditorSource): () => void {
  if (!isRegistered) register(monaco);
  isRegistered = true;
  const key = model.uri.toString();
  sources.set(key, source);
  return () => sources.delete(key);
}

function register(monaco: MonacoApi): void {
  monaco.languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' ', ':', '{', '[', ',', '\n', '-'],
    provideCompletionItems(model, position) {
      const knowledge = sources.get(model.uri.toString())?.knowledge();
      if (!knowledge) return { suggestions: [] };
      const { context, items } = completionsAt(model.getValue(), model.getOffsetAt(position), knowledge);
      const range = {
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: position.column - context.prefix.length,
        endColumn: position.column,
      };
      // After "key:" without a blank, the value needs one.
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      const lead = !context.isKey && before.endsWith(':') ? ' ' : '';
      return {
        suggestions: items.map((item, k) => ({
          label: { label: item.label, description: item.detail },
          kind: KINDS(monaco)[item.kind],
          insertText: lead + item.insertText,
          documentation: item.documentation,
          range,
          filterText: item.label,
          sortText: String(k).padStart(4, '0'),
          ...(item.kind === 'key' && { command: { id: 'editor.action.triggerSuggest', title: 'Suggest' } }),
        })),
      };
    },
  });
  monaco.languages.registerHoverProvider('yaml', {
    provideHover(model, position) {
      const knowledge = sources.get(model.uri.toString())?.knowledge();
      const text = model.getValue();
      const at = knowledge && pathAt(text, model.getOffsetAt(position));
      const lines = at ? explainPath(at.path, text, knowledge) : null;
      return lines ? { contents: lines.map((value) => ({ value })) } : null;
    },
  });
  monaco.languages.registerCodeActionProvider('yaml', {
    provideCodeActions(model, range) {
      const problems = sources.get(model.uri.toString())?.problems() ?? [];
      const actions = problems.flatMap((p) => {
        if (!p.fix || p.span.line > range.endLineNumber || p.span.endLine < range.startLineNumber) return [];
        const edit = {
          resource: model.uri,
          versionId: model.getVersionId(),
          textEdit: { range: toRange(p), text: p.fix.replacement },
        };
        return [{ title: p.fix.label, kind: 'quickfix', isPreferred: true, edit: { edits: [edit] } }];
      });
      return { actions, dispose: () => {} };
    },
  });
}

const KINDS = (monaco: MonacoApi) => ({
  key: monaco.languages.CompletionItemKind.Property,
  value: monaco.languages.CompletionItemKind.EnumMember,
  column: monaco.languages.CompletionItemKind.Field,
});

export function toRange({ span }: Pick<ConfigProblem, 'span'>): Monaco.IRange {
  return {
    startLineNumber: span.line,
    startColumn: span.column,
    endLineNumber: span.endLine,
    endColumn: Math.max(span.endColumn, span.line === span.endLine ? span.column + 1 : 1),
  };
}
