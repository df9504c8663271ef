import { MultiSelect, Select, Switch, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import { Segmented } from '../../../components/Segmented.tsx';
import { Field } from './Field.tsx';
import { useForm } from './formContext.ts';
import { formatNullable, parseNullable, parseNumber, plainText } from './values.ts';

interface Common {
  readonly path: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly unit?: string | undefined;
}

const TYPING_PAUSE_MS = 450;

/**
 * A line of text that is written to the file when typing pauses, on Enter and on leaving.
 * `parse` turns the text into the value; `format` the value into the text.
 */
export function DraftField({
  path,
  label,
  help,
  unit,
  placeholder,
  parse,
  format,
  isMono,
}: Common & {
  readonly placeholder?: string | undefined;
  readonly parse: (text: string) => unknown;
  readonly format: (value: unknown) => string;
  readonly isMono?: boolean;
}) {
  const form = useForm();
  const id = useId();
  const stored = format(form.value(path));
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const commit = (text: string) => {
    window.clearTimeout(timer.current);
    setDraft(null);
    if (text !== stored) form.set({ [path]: parse(text) });
  };
  const hasProblem = form.problems(path).length > 0;
  return (
    <Field path={path} label={label} help={help} unit={unit} id={id}>
      <TextInput
        id={id}
        size="xs"
        className={isMono ? 'is-mono' : ''}
        value={draft ?? stored}
        placeholder={placeholder ?? ''}
        readOnly={form.isReadOnly}
        error={hasProblem}
        aria-describedby={hasProblem ? `${id}-problem` : undefined}
        onChange={(e) => {
          const text = e.currentTarget.value;
          setDraft(text);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => commit(text), TYPING_PAUSE_MS);
        }}
        onBlur={() => draft !== null && commit(draft)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey && draft !== null) commit(draft);
          if (e.key === 'Escape') setDraft(null);
        }}
      />
    </Field>
  );
}

/** A number; where null is a value of its own it is typed and shown as "none", apart from "left out". */
export function NumberField(props: Common & { readonly fallback?: unknown; readonly isNullable?: boolean }) {
  const { fallback, isNullable = false, ...rest } = props;
  return (
    <DraftField
      {...rest}
      placeholder={fallback == null ? 'none' : String(fallback)}
      parse={isNullable ? parseNullable : parseNumber}
      format={isNullable ? formatNullable : plainText}
    />
  );
}

export function TextField(props: Common & { readonly fallback?: unknown }) {
  const { fallback, ...rest } = props;
  return (
    <DraftField
      {...rest}
      placeholder={fallback == null ? '' : String(fallback)}
      parse={(t) => (t === '' ? undefined : t)}
      format={plainText}
    />
  );
}

export function SwitchField({ path, label, help, fallback }: Common & { readonly fallback: boolean }) {
  const form = useForm();
  const id = useId();
  const value = form.value(path);
  return (
    <Field path={path} label={label} help={help} id={id}>
      <Switch
        id={id}
        size="xs"
        checked={typeof value === 'boolean' ? value : fallback}
        disabled={form.isReadOnly}
        onChange={(e) => form.set({ [path]: e.currentTarget.checked })}
      />
    </Field>
  );
}

const MAX_SEGMENTS = 4;
const MAX_SEGMENT_LETTERS = 24;

/** A choice: a segmented control when it is short, a list when it is not. `choices` are `value` or `[value, label]`. */
export function ChoiceField({
  path,
  label,
  help,
  unit,
  fallback,
  choices,
  isNullable = false,
}: Common & {
  readonly fallback?: unknown;
  readonly choices: readonly (string | readonly [string, string])[];
  readonly isNullable?: boolean;
}) {
  const form = useForm();
  const id = useId();
  const options = choices.map((c) => (typeof c === 'string' ? { value: c, label: c } : { value: c[0], label: c[1] }));
  const raw = form.value(path);
  const value = raw === undefined ? plainText(fallback) : plainText(raw);
  const letters = options.reduce((n, o) => n + o.label.length, 0);
  const isKnown = options.some((o) => o.value === value);
  if (
    !isNullable &&
    isKnown &&
    options.length > 1 &&
    options.length <= MAX_SEGMENTS &&
    letters <= MAX_SEGMENT_LETTERS
  ) {
    return (
      <Field path={path} label={label} help={help} unit={unit} id={id}>
        <Segmented label={label} value={value} options={options} onChange={(v) => form.set({ [path]: v })} />
      </Field>
    );
  }
  // A value that the list does not have stays visible, so that its error makes sense.
  const data = isKnown || value === '' ? options : [...options, { value, label: value }];
  return (
    <Field path={path} label={label} help={help} unit={unit} id={id}>
      <Select
        id={id}
        size="xs"
        data={data}
        value={value === '' ? null : value}
        placeholder={isNullable ? 'none' : ''}
        clearable={isNullable}
        allowDeselect={false}
        searchable={options.length > 8}
        readOnly={form.isReadOnly}
        error={form.problems(path).length > 0}
        onChange={(v) => form.set({ [path]: v ?? undefined })}
      />
    </Field>
  );
}

export function ColumnField({
  path,
  label,
  help,
  isNullable = false,
  extra = [],
}: Common & { readonly isNullable?: boolean; readonly extra?: readonly string[] }) {
  const form = useForm();
  return (
    <ChoiceField
      path={path}
      label={label}
      help={help}
      choices={[...form.columns.map((c) => c.name), ...extra]}
      isNullable={isNullable || form.columns.length === 0}
    />
  );
}

export function ColumnsField({ path, label, help }: Common) {
  const form = useForm();
  const id = useId();
  const raw = form.value(path);
  const value = Array.isArray(raw) ? raw.map(String) : [];
  const known = new Set(form.columns.map((c) => c.name));
  return (
    <Field path={path} label={label} help={help} id={id}>
      <MultiSelect
        id={id}
        size="xs"
        searchable
        clearable
        data={[...known, ...value.filter((v) => !known.has(v))]}
        value={value}
        placeholder={value.length === 0 ? 'none' : ''}
        readOnly={form.isReadOnly}
        error={form.problems(path).length > 0}
        onChange={(v) => form.set({ [path]: v.length === 0 ? undefined : v })}
      />
    </Field>
  );
}
