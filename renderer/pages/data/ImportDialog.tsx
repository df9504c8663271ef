import { Button, Group, Modal, NumberInput, Select, TagsInput, TextInput, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ColumnType, ImportOptions, ImportPreview } from '../../../main/contract/data.ts';
import { go } from '../../app/route.ts';
import { call, type ChosenFile } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { setProject, useProject } from '../../hooks/useProject.ts';
import { PreviewTable } from './PreviewTable.tsx';
import './import.css';

const DELIMITERS = [
  { value: ',', label: 'comma' },
  { value: ';', label: 'semicolon' },
  { value: '\t', label: 'tab' },
  { value: '|', label: 'bar' },
  { value: ' ', label: 'space' },
  { value: ', ', label: 'comma and blank' },
];

const NEW_PROJECT = 'new';

/** Shows how a file was understood, lets every detection be overridden, then imports it. */
export function ImportDialog({
  file,
  isFromStart,
  onClose,
}: {
  readonly file: ChosenFile;
  /** On the start page a file begins a project of its own, unless the person says otherwise. */
  readonly isFromStart: boolean;
  readonly onClose: () => void;
}) {
  const { project } = useProject();
  const canJoin = project !== null && !project.isReadOnly;
  const [into, setInto] = useState(canJoin && !isFromStart ? project.id : NEW_PROJECT);
  const [options, setOptions] = useState<ImportOptions>({});
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [name, setName] = useState(file.name.replace(/\.[a-z0-9]+(\.gz)?$/i, ''));
  const [isStarting, setStarting] = useState(false);

  useEffect(() => {
    let isGone = false;
    call('data.inspect', { file: file.ref, options }).then(
      (answer) => {
        if (isGone) return;
        setPreview(answer);
        setError(null);
      },
      (cause: unknown) => !isGone && setError(cause),
    );
    return () => {
      isGone = true;
    };
  }, [file, options]);

  const set = (change: Partial<ImportOptions>) => setOptions((before) => ({ ...before, ...change }));
  const setType = (column: string, type: ColumnType) => set({ types: { ...options.types, [column]: type } });

  const start = async () => {
    setStarting(true);
    try {
      const target = canJoin && into === project.id ? project : await call('project.create', { name });
      if (target !== project) setProject(target);
      await call('data.import', { projectId: target.id, file: file.ref, options, name });
      go('data');
      onClose();
    } catch (cause) {
      setError(cause);
      setStarting(false);
    }
  };

  const inForce = preview?.options;
  const evidence = (option: string) => preview?.detected.find((d) => d.option === option);
  const isText = inForce?.format === 'csv' || inForce?.format === 'tsv';
  return (
    <Modal opened onClose={onClose} size="xl" title={`Import ${file.name}`} classNames={{ body: 'import-body' }}>
      {!preview && error === null && <LoadingState label={`Reading the start of ${file.name}`} />}
      {preview && inForce && (
        <>
          <div className="import-options">
            <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <Evidence found={evidence('format')}>
              <Select
                label="Format"
                data={['csv', 'tsv', 'json', 'jsonl', 'parquet']}
                value={inForce.format}
                allowDeselect={false}
                onChange={(v) => v && setOptions({ format: v as 'csv' })}
              />
            </Evidence>
            {isText && (
              <>
                <Evidence found={evidence('delimiter')}>
                  <Select
                    label="Delimiter"
                    data={withValue(DELIMITERS, inForce.delimiter)}
                    value={inForce.delimiter ?? null}
                    allowDeselect={false}
                    onChange={(v) => v && set({ delimiter: v })}
                  />
                </Evidence>
                <Evidence found={evidence('encoding')}>
                  <Select
                    label="Encoding"
                    data={['utf-8', 'utf-16', 'latin-1']}
                    value={inForce.encoding ?? null}
                    allowDeselect={false}
                    onChange={(v) => v && set({ encoding: v as 'utf-8' })}
                  />
                </Evidence>
                <Evidence found={evidence('skipLines')}>
                  <NumberInput
                    label="Lines to pass over"
                    min={0}
                    allowDecimal={false}
                    value={inForce.skipLines ?? 0}
                    onChange={(v) => typeof v === 'number' && v !== inForce.skipLines && set({ skipLines: v })}
                  />
                </Evidence>
                <Evidence found={evidence('hasHeader')}>
                  <Select
                    label="First line"
                    data={[
                      { value: 'yes', label: 'column names' },
                      { value: 'no', label: 'data' },
                    ]}
                    value={inForce.hasHeader === false ? 'no' : 'yes'}
                    allowDeselect={false}
                    onChange={(v) => set({ hasHeader: v === 'yes' })}
                  />
                </Evidence>
                <Evidence found={evidence('decimal')}>
                  <Select
                    label="Decimal sign"
                    data={[
                      { value: '.', label: 'point' },
                      { value: ',', label: 'comma' },
                    ]}
                    value={inForce.decimal ?? '.'}
                    allowDeselect={false}
                    onChange={(v) => v && set({ decimal: v as '.' })}
                  />
                </Evidence>
                <Evidence found={evidence('nullWords')}>
                  <TagsInput
                    label="Read as missing"
                    value={inForce.nullWords.map((w) => (w === '' ? '(empty)' : w))}
                    onChange={(words) => set({ nullWords: words.map((w) => (w === '(empty)' ? '' : w)) })}
                  />
                </Evidence>
              </>
            )}
          </div>
          {preview.warnings.map((warning) => (
            <p key={warning} className="import-warning">
              {warning}
            </p>
          ))}
          <PreviewTable preview={preview} onType={setType} />
        </>
      )}
      {error !== null && <ErrorState error={error} onRetry={() => setOptions({ ...options })} />}
      <Group justify="flex-end" gap="sm" mt="md">
        <div className="grow import-into">
          <span className="muted" id="import-into">
            Into
          </span>
          <Select
            aria-labelledby="import-into"
            data={[
              { value: NEW_PROJECT, label: 'a new project' },
              ...(canJoin ? [{ value: project.id, label: project.name }] : []),
            ]}
            value={into}
            allowDeselect={false}
            onChange={(value) => value && setInto(value)}
          />
        </div>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={!preview || error !== null || name.trim() === ''}
          loading={isStarting}
          onClick={() => void start()}
        >
          Import
        </Button>
      </Group>
    </Modal>
  );
}

/** A detected option says why; one the person set says so. */
function Evidence({
  found,
  children,
}: {
  readonly found: ImportPreview['detected'][number] | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <div className="import-option">
      {children}
      <Tooltip label={found?.evidence ?? 'You chose this'} multiline maw={320}>
        <span className={found && !found.isSure ? 'is-warn' : 'muted'} tabIndex={0}>
          {found ? (found.isSure ? 'detected' : 'detected, not sure') : 'default or chosen'}
        </span>
      </Tooltip>
    </div>
  );
}

const withValue = (options: { value: string; label: string }[], value: string | undefined) =>
  value === undefined || options.some((o) => o.value === value) ? options : [...options, { value, label: value }];
