import { useState } from 'react';
import { Select } from '@mantine/core';
import { useId } from 'react';
import type { EstimatorSpec } from '../../../../main/contract/config.ts';
import { Section } from './Section.tsx';
import { Field } from './Field.tsx';
import { useForm } from './formContext.ts';
import { ParamField } from './ParamField.tsx';

const FAMILY_TITLES: Readonly<Record<EstimatorSpec['family'], string>> = {
  linear: 'Linear',
  tree: 'Trees',
  network: 'Networks',
  svm: 'Support vectors',
  cluster: 'Clusters',
  decomposition: 'Decomposition',
  bayes: 'Naive Bayes',
  baseline: 'Baselines',
};

/** The estimator and its parameters; the rarer ones under "More". */
export function ModelSection() {
  const form = useForm();
  const [isMore, setIsMore] = useState(false);
  const type = form.value('model.type');
  const spec = form.estimators.find((e) => e.type === type);
  const shown = spec?.params.filter((p) => !p.isAdvanced || form.problems(`model.params.${p.name}`).length > 0) ?? [];
  const more = spec?.params.filter((p) => !shown.includes(p)) ?? [];
  return (
    <Section title="Model">
      <EstimatorField />
      {spec && <p className="form-note">{spec.description}</p>}
      {shown.map((p) => (
        <ParamField key={`${spec!.type}.${p.name}`} spec={p} prefix="model.params" />
      ))}
      {more.length > 0 && (
        <>
          {isMore && more.map((p) => <ParamField key={`${spec!.type}.${p.name}`} spec={p} prefix="model.params" />)}
          <button
            type="button"
            className="pith-link form-more"
            aria-expanded={isMore}
            onClick={() => setIsMore((was) => !was)}
          >
            {isMore ? 'Fewer parameters' : `More parameters (${more.length})`}
          </button>
        </>
      )}
    </Section>
  );
}

function EstimatorField() {
  const form = useForm();
  const id = useId();
  const task = form.value('data.task');
  const type = form.value('model.type');
  const fits = (e: EstimatorSpec) =>
    typeof task !== 'string' ||
    task === 'auto' ||
    e.tasks.some((t) => t === task) ||
    (task === 'clustering' && e.family === 'cluster') ||
    (task === 'decomposition' && e.family === 'decomposition') ||
    e.type === type;
  const groups = Object.entries(FAMILY_TITLES)
    .map(([family, group]) => ({
      group,
      items: form.estimators
        .filter((e) => e.family === family && fits(e))
        .map((e) => ({ value: e.type, label: e.title })),
    }))
    .filter((g) => g.items.length > 0);
  const isKnown = form.estimators.some((e) => e.type === type);
  const data =
    isKnown || typeof type !== 'string'
      ? groups
      : [...groups, { group: 'In the file', items: [{ value: type, label: type }] }];
  return (
    <Field path="model.type" label="Estimator" help="The model to fit" id={id}>
      <Select
        id={id}
        size="xs"
        searchable
        allowDeselect={false}
        data={data}
        value={typeof type === 'string' ? type : null}
        readOnly={form.isReadOnly}
        error={form.problems('model.type').length > 0}
        // Parameters and search space belong to the estimator that was; they would be unknown to the new one.
        onChange={(v) =>
          v !== null &&
          v !== type &&
          form.set({
            'model.type': v,
            'model.params': undefined,
            ...(form.value('tune.space') !== undefined && { 'tune.space': suggested(form.estimators, v) }),
          })
        }
      />
    </Field>
  );
}

function suggested(estimators: readonly EstimatorSpec[], type: string): unknown {
  return estimators.find((e) => e.type === type)?.suggestedSpace ?? {};
}
