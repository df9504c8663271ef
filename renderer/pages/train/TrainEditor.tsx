import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPlayerPlay } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { parseDocument, LineCounter, isNode } from 'yaml';
import type { ConfigProblem, EstimatorSpec } from '../../../main/contract/config.ts';
import type { Dataset } from '../../../main/contract/data.ts';
import { useOffer } from '../../app/pageCommands.ts';
import { printKeys } from '../../app/shortcut.ts';
import { markUnsaved } from '../../app/unsaved.ts';
import { TUNE_METRICS } from '../../charts/metricNames.ts';
import { Segmented } from '../../components/Segmented.tsx';
import type { EditorKnowledge } from './editor/completions.ts';
import type { SchemaNode } from './editor/schemaWalk.ts';
import { YamlEditor } from './editor/YamlEditor.tsx';
import { ConfigForm } from './form/ConfigForm.tsx';
import type { FormApi } from './form/formContext.ts';
import { patchYaml } from '../../../main/contract/patchYaml.ts';
import { readValues, valueAt } from './form/values.ts';
import { useTrainFile } from './useTrainFile.ts';

export interface TrainEditorProps {
  readonly projectId: string;
  readonly name: string;
  readonly initial: string;
  readonly isReadOnly: boolean;
  readonly datasets: readonly Dataset[];
  readonly estimators: readonly EstimatorSpec[];
  readonly schema: SchemaNode | null;
  readonly isStarting: boolean;
  readonly onStart: (yaml: string) => void;
  /** The text as it changes, for findings that patch it. */
  readonly onText: (yaml: string) => void;
}

export type TrainView = 'file' | 'form' | 'both';
const NO_COLUMNS: readonly { name: string; type: string }[] = [];

/** The file and its form, side by side: one text, two views. */
export function TrainEditor(props: TrainEditorProps) {
  const { projectId, name, isReadOnly, datasets, estimators, schema, onStart, onText } = props;
  const file = useTrainFile(projectId, name, props.initial, isReadOnly);
  const [view, setView] = useState<TrainView>(() => (window.innerWidth < 1180 ? 'file' : 'both'));
  const [revealLine, setRevealLine] = useState<number | null>(null);
  const values = useMemo(() => readValues(file.yaml), [file.yaml]);
  const columns = useMemo(() => columnsOf(values, datasets), [values, datasets]);
  const { yaml, edit, problems } = file;
  useEffect(() => onText(yaml), [onText, yaml]);

  const knowledge = useMemo(
    (): EditorKnowledge | null =>
      schema ? { schema, estimators, columns, datasets: datasets.map((d) => d.name), metrics: TUNE_METRICS } : null,
    [schema, estimators, columns, datasets],
  );
  const api = useMemo(
    (): FormApi => ({
      value: (path) => valueAt(values, path),
      problems: (path) => problemsOf(problems, path),
      set: (patch) => edit(patchYaml(yaml, patch)),
      visit: (path) => setRevealLine(lineOf(yaml, path)),
      columns,
      estimators,
      isReadOnly,
    }),
    [values, problems, edit, yaml, columns, estimators, isReadOnly],
  );
  const nErrors = problems.filter((p) => p.severity === 'error').length;
  const canStart = nErrors === 0 && file.isChecked && !isReadOnly && !props.isStarting;
  const start = useCallback(() => {
    if (canStart) onStart(yaml);
  }, [canStart, onStart, yaml]);
  const offer = useMemo(
    () => [
      {
        id: 'run.start',
        label: `Start a run of ${name}`,
        keys: 'Mod+Enter',
        group: 'This train file',
        isDisabled: !canStart,
        run: start,
      },
      ...(['file', 'form', 'both'] as const).map((choice) => ({
        id: `train.view.${choice}`,
        label: { file: 'Show the file alone', form: 'Show the form alone', both: 'Show file and form' }[choice],
        keys: null,
        group: 'This train file',
        run: () => setView(choice),
      })),
    ],
    [name, canStart, start],
  );
  useOffer(offer);
  const isUnsaved = file.isDirty && !isReadOnly;
  useEffect(() => {
    markUnsaved(name, isUnsaved);
    return () => markUnsaved(name, false);
  }, [name, isUnsaved]);

  return (
    <section className="train-editor" aria-label={name}>
      <header className="train-toolbar">
        <h1>{name}</h1>
        <FileStatus
          nErrors={nErrors}
          firstProblem={problems[0]}
          isDirty={file.isDirty}
          saveError={file.saveError}
          isReadOnly={isReadOnly}
          onGo={setRevealLine}
        />
        <div className="run-actions">
          <Segmented
            label="View"
            value={view}
            options={[
              { value: 'file', label: 'File' },
              { value: 'form', label: 'Form' },
              { value: 'both', label: 'Both' },
            ]}
            onChange={(v) => setView(v as TrainView)}
          />
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} stroke={1.6} />}
            rightSection={<kbd className="on-button">{printKeys('Mod+Enter')}</kbd>}
            loading={props.isStarting}
            disabled={!canStart}
            title={nErrors > 0 ? 'Correct the errors first' : 'Start the run'}
            onClick={start}
          >
            Start run
          </Button>
        </div>
      </header>
      <div className={`train-views is-${view}`}>
        {view !== 'form' && (
          <div className="train-file">
            <YamlEditor
              value={yaml}
              label={`${name}, configuration file`}
              onChange={edit}
              problems={problems}
              knowledge={knowledge}
              isReadOnly={isReadOnly}
              revealLine={revealLine}
              onRun={start}
            />
          </div>
        )}
        {view !== 'file' && (
          <div className="train-form">
            <ConfigForm api={api} datasets={datasets} />
          </div>
        )}
      </div>
    </section>
  );
}

interface FileStatusProps {
  readonly nErrors: number;
  readonly firstProblem: ConfigProblem | undefined;
  readonly isDirty: boolean;
  readonly saveError: string | null;
  readonly isReadOnly: boolean;
  readonly onGo: (line: number) => void;
}

function FileStatus({ nErrors, firstProblem, isDirty, saveError, isReadOnly, onGo }: FileStatusProps) {
  if (nErrors > 0 && firstProblem) {
    return (
      <button
        type="button"
        className="run-chip is-danger"
        title={firstProblem.message}
        onClick={() => onGo(firstProblem.span.line)}
      >
        <IconAlertTriangle size={12} stroke={1.6} /> {nErrors} {nErrors === 1 ? 'error' : 'errors'}
      </button>
    );
  }
  if (saveError !== null)
    return (
      <span className="run-chip is-danger" title={saveError}>
        not saved
      </span>
    );
  if (isReadOnly) return <span className="run-chip">read-only</span>;
  return (
    <span className="train-saved">
      {isDirty ? (
        'saving …'
      ) : (
        <>
          <IconCheck size={12} stroke={1.6} /> saved
        </>
      )}
    </span>
  );
}

/** Problems of a path; with `.*` at the end, of everything under it too. */
function problemsOf(problems: readonly ConfigProblem[], path: string): readonly ConfigProblem[] {
  if (!path.endsWith('.*')) return problems.filter((p) => p.path === path);
  const parent = path.slice(0, -2);
  return problems.filter((p) => p.path === parent || p.path.startsWith(`${parent}.`));
}

function lineOf(yaml: string, path: string): number | null {
  const counter = new LineCounter();
  const doc = parseDocument(yaml, { lineCounter: counter });
  const keys = path.split('.');
  for (let n = keys.length; n > 0; n--) {
    const node = doc.getIn(keys.slice(0, n), true);
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return null;
}

/** Columns of the data set that the file names: by name or id, else by file name, else the only one there is. */
function columnsOf(values: Readonly<Record<string, unknown>>, datasets: readonly Dataset[]) {
  const named = valueAt(values, 'data.dataset');
  const path = valueAt(values, 'data.path');
  const found =
    datasets.find((d) => d.name === named || d.id === named) ??
    datasets.find((d) => typeof path === 'string' && d.source.endsWith(path)) ??
    (datasets.length === 1 ? datasets[0] : undefined);
  const hash = valueAt(values, 'data.version');
  const version =
    found?.versions.find((v) => typeof hash === 'string' && v.hash.startsWith(hash)) ?? found?.versions[0];
  return version?.columns ?? NO_COLUMNS;
}
