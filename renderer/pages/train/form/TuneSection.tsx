import { TUNE_METRICS } from '../../../charts/metricNames.ts';
import { useState } from 'react';
import { Select } from '@mantine/core';
import { Section } from './Section.tsx';
import { ChoiceField, DraftField, NumberField } from './fields.tsx';
import { useForm } from './formContext.ts';
import { formatSpace, parseSpace } from './values.ts';

const METRICS = ['auto', ...TUNE_METRICS];

/** Search: which configurations are tried, on which rows, and how they are compared. */
export function TuneSection() {
  const form = useForm();
  const method = form.value('tune.method') ?? (form.value('tune') === undefined ? 'none' : 'grid');
  const isOff = method === 'none' || form.value('tune') === undefined;
  const space = form.value('tune.space');
  const names = typeof space === 'object' && space !== null && !Array.isArray(space) ? Object.keys(space) : [];
  const spec = form.estimators.find((e) => e.type === form.value('model.type'));
  if (form.value('tune') === undefined) {
    return (
      <Section title="Search" isOpen={false}>
        <p className="form-note">The model is fitted once, with the parameters above.</p>
        <button
          type="button"
          className="pith-link form-more"
          disabled={form.isReadOnly}
          onClick={() =>
            form.set({ tune: { method: 'grid', space: spec?.suggestedSpace ?? {}, folds: 5, on: 'coreset' } })
          }
        >
          Search for better parameters
        </button>
      </Section>
    );
  }
  return (
    <Section title="Search" paths={['tune']}>
      <ChoiceField
        path="tune.method"
        label="Method"
        help="How configurations are chosen"
        fallback="grid"
        choices={['none', 'grid', 'random', 'bayesian']}
      />
      {!isOff && (
        <>
          {names.map((name) => (
            <DraftField
              key={name}
              path={`tune.space.${name}`}
              label={name}
              help="Values with commas between, or a range: 0.01 … 100 log. Empty takes it out of the search"
              isMono
              placeholder="0.01, 0.1, 1"
              parse={parseSpace}
              format={formatSpace}
            />
          ))}
          <AddDimension taken={names} />
          {nGrid(space, method) !== null && <p className="form-note">{nGrid(space, method)} configurations</p>}
          <NumberField path="tune.folds" label="Folds" help="Folds of the cross-validation" fallback={5} />
          <ChoiceField
            path="tune.metric"
            label="Compare by"
            help="The metric that decides"
            fallback="auto"
            choices={METRICS}
          />
          <ChoiceField
            path="tune.on"
            label="Search on"
            help="Rows the search runs on"
            fallback="coreset"
            choices={['coreset', ['full', 'all rows']]}
          />
          {method !== 'grid' && (
            <NumberField path="tune.trials" label="Trials" help="Configurations tried" fallback={30} />
          )}
          <NumberField
            path="tune.timeBudgetS"
            label="Time budget"
            unit="s"
            help="Seconds after which no new trial starts"
            fallback={null}
          />
          <NumberField path="tune.seed" label="Seed" help="Seed of folds and sampler" fallback={42} />
        </>
      )}
      <button
        type="button"
        className="pith-link form-more"
        disabled={form.isReadOnly}
        onClick={() => form.set({ tune: undefined })}
      >
        Do not search
      </button>
    </Section>
  );
}

function nGrid(space: unknown, method: unknown): string | null {
  if (method !== 'grid' || typeof space !== 'object' || space === null) return null;
  const sizes = Object.values(space).map((v) => (Array.isArray(v) ? v.length : Number.NaN));
  const n = sizes.reduce((a, b) => a * b, 1);
  return Number.isFinite(n) && sizes.length > 0 ? n.toLocaleString('en-US') : null;
}

function AddDimension({ taken }: { taken: readonly string[] }) {
  const form = useForm();
  const [key, setKey] = useState(0);
  const spec = form.estimators.find((e) => e.type === form.value('model.type'));
  const free = spec?.params.filter((p) => !taken.includes(p.name) && p.kind !== 'layers') ?? [];
  if (free.length === 0) return null;
  const firstValues = (name: string): unknown => {
    const p = spec?.params.find((q) => q.name === name);
    const given = spec?.suggestedSpace[name];
    if (given !== undefined) return given;
    if (p?.choices && p.choices.length > 0) return p.choices;
    if (p?.kind === 'boolean') return [true, false];
    return [p?.default ?? null];
  };
  return (
    <div className="field">
      <span className="field-label">Also try</span>
      <div className="field-control">
        <Select
          // The list is a command: after a choice it starts afresh.
          key={key}
          size="xs"
          searchable
          aria-label="Add a parameter to the search"
          placeholder="Add a parameter …"
          data={free.map((p) => ({ value: p.name, label: p.label === p.name ? p.name : `${p.name} · ${p.label}` }))}
          value={null}
          readOnly={form.isReadOnly}
          onChange={(name) => {
            if (name === null) return;
            form.set({ [`tune.space.${name}`]: firstValues(name) });
            setKey((k) => k + 1);
          }}
        />
      </div>
    </div>
  );
}
