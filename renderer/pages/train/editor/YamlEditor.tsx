import type { editor } from 'monaco-editor/editor/editor.api.js';
import { useEffect, useRef, useState } from 'react';
import type { ConfigProblem } from '../../../../main/contract/config.ts';
import type { EditorKnowledge } from './completions.ts';
import { bindLanguage, toRange } from './language.ts';
import { themeFromTokens } from './monacoTheme.ts';
import './editor.css';

type MonacoApi = typeof import('monaco-editor/editor/editor.api.js');
let loading: Promise<MonacoApi> | null = null;

function loadMonaco(): Promise<MonacoApi> {
  loading ??= import('./monacoSetup.ts').then((m) => m.monaco);
  return loading;
}

export interface YamlEditorProps {
  readonly value: string;
  readonly label: string;
  readonly onChange?: (value: string) => void;
  readonly problems?: readonly ConfigProblem[];
  readonly knowledge?: EditorKnowledge | null;
  readonly isReadOnly?: boolean;
  /** Ctrl+Enter inside the editor. */
  readonly onRun?: () => void;
  /** Line of the caret, to mirror focus in the form. */
  readonly onLine?: (line: number) => void;
  /** Moves the caret to this line when it changes. */
  readonly revealLine?: number | null;
}

let nModels = 0;

/** A YAML file in Monaco: problems on their lines, completions and hovers from what Pith knows. */
export function YamlEditor(props: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  // Texts this editor sent up that have not come back yet: they must not overwrite what is typed meanwhile.
  const sent = useRef(new Set<string>());
  const [view, setView] = useState<{ monaco: MonacoApi; editor: editor.IStandaloneCodeEditor } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const div = host.current;
    if (!div) return;
    let isGone = false;
    let dispose = () => {};
    loadMonaco()
      .then((monaco) => {
        if (isGone) return;
        const opened = openEditor(monaco, div, latest, sent.current);
        dispose = opened.dispose;
        setView({ monaco, editor: opened.editor });
      })
      .catch((cause: unknown) => setFailure(cause instanceof Error ? cause.message : String(cause)));
    return () => {
      isGone = true;
      dispose();
    };
  }, []);

  useEffect(() => {
    const model = view?.editor.getModel();
    if (!view || !model) return;
    if (model.getValue() === props.value) {
      sent.current.clear();
      return;
    }
    if (sent.current.has(props.value)) return;
    // An edit rather than setValue: undo goes back through changes that the form made.
    view.editor.pushUndoStop();
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: props.value }], () => null);
    view.editor.pushUndoStop();
  }, [view, props.value]);

  useEffect(() => {
    const model = view?.editor.getModel();
    if (!view || !model) return;
    const problems = props.problems ?? [];
    view.monaco.editor.setModelMarkers(
      model,
      'pith',
      problems.map((p) => ({
        ...toRange(p),
        message: p.message,
        severity: p.severity === 'error' ? view.monaco.MarkerSeverity.Error : view.monaco.MarkerSeverity.Warning,
      })),
    );
    const collection = view.editor.createDecorationsCollection(inlineMessages(problems, model));
    return () => collection.clear();
  }, [view, props.problems]);

  useEffect(() => {
    const line = props.revealLine;
    if (view && line != null) view.editor.revealLineInCenterIfOutsideViewport(line);
  }, [view, props.revealLine]);

  if (failure !== null) {
    return (
      <textarea
        className="yaml-plain"
        aria-label={`${props.label} (plain, the editor could not load: ${failure})`}
        value={props.value}
        readOnly={props.isReadOnly ?? false}
        onChange={(e) => props.onChange?.(e.currentTarget.value)}
      />
    );
  }
  return <div ref={host} className="yaml-editor" data-ready={view !== null} />;
}

function openEditor(
  monaco: MonacoApi,
  div: HTMLElement,
  latest: { readonly current: YamlEditorProps },
  sent: Set<string>,
) {
  const applyTheme = () => {
    monaco.editor.defineTheme('pith', themeFromTokens().data);
    monaco.editor.setTheme('pith');
  };
  applyTheme();
  const observer = new MutationObserver(applyTheme);
  observer.observe(document.documentElement, { attributes: true });

  const model = monaco.editor.createModel(
    latest.current.value,
    'yaml',
    monaco.Uri.parse(`inmemory://pith/${++nModels}.yaml`),
  );
  model.updateOptions({
    tabSize: 2,
    insertSpaces: true,
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  });
  const instance = monaco.editor.create(div, {
    model,
    readOnly: latest.current.isReadOnly ?? false,
    ariaLabel: latest.current.label,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono').trim(),
    fontSize: 12.5,
    lineHeight: 20,
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 10,
    folding: false,
    glyphMargin: false,
    overviewRulerLanes: 0,
    renderLineHighlight: latest.current.isReadOnly ? 'none' : 'line',
    wordBasedSuggestions: 'off',
    quickSuggestions: { other: true, comments: false, strings: true },
    suggest: { showIcons: false, preview: false },
    padding: { top: 8, bottom: 8 },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    fixedOverflowWidgets: true,
    accessibilitySupport: 'auto',
    hover: { delay: 400 },
    bracketPairColorization: { enabled: false },
    'semanticHighlighting.enabled': false,
  });
  const unbind = bindLanguage(monaco, model, {
    knowledge: () => latest.current.knowledge ?? null,
    problems: () => latest.current.problems ?? [],
  });
  instance.onDidChangeModelContent(() => {
    const text = model.getValue();
    if (text === latest.current.value) return;
    sent.add(text);
    latest.current.onChange?.(text);
  });
  instance.onDidChangeCursorPosition((e) => latest.current.onLine?.(e.position.lineNumber));
  instance.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onRun?.());
  return {
    editor: instance,
    dispose: () => {
      observer.disconnect();
      unbind();
      instance.dispose();
      model.dispose();
    },
  };
}

/** The first problem of each line, in words, after the line. */
function inlineMessages(problems: readonly ConfigProblem[], model: editor.ITextModel): editor.IModelDeltaDecoration[] {
  const byLine = new Map<number, ConfigProblem>();
  for (const p of problems)
    if (!byLine.has(p.span.line) && p.span.line <= model.getLineCount()) byLine.set(p.span.line, p);
  return [...byLine].map(([line, p]) => ({
    range: {
      startLineNumber: line,
      endLineNumber: line,
      startColumn: model.getLineMaxColumn(line),
      endColumn: model.getLineMaxColumn(line),
    },
    options: {
      after: { content: `   ${p.message}`, inlineClassName: `yaml-inline is-${p.severity}` },
      showIfCollapsed: true,
    },
  }));
}
