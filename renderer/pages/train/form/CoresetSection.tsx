import { coresetUse, USES } from './coresetUse.ts';
import { ChoiceField, NumberField, SwitchField } from './fields.tsx';
import { useForm } from './formContext.ts';
import { Section } from './Section.tsx';

/** Which rows a run searches on: Pith's choice, a coreset in any case, or all rows. */
export function CoresetSection() {
  const form = useForm();
  const use = coresetUse(form.value('coreset'));
  return (
    <Section title="Rows" paths={['coreset']}>
      <div className="field">
        <span className="field-label">Train on</span>
        <div className="field-control">
          {USES.map(({ name, label, help, value }) => (
            <label className="field-radio" key={name} title={help}>
              <input
                type="radio"
                name="rows"
                checked={use === name}
                disabled={form.isReadOnly}
                onChange={() => form.set({ coreset: value })}
              />
              {label}
            </label>
          ))}
        </div>
      </div>
      {use === 'always' && (
        <>
          <NumberField
            path="coreset.size"
            label="Coreset size"
            help="Rows (1 or more) or share of the training rows (below 1) in the coreset"
            fallback={2000}
          />
          <ChoiceField
            path="coreset.service"
            label="Serves"
            help="Which model family the coreset serves; auto follows the model"
            fallback="auto"
            choices={['auto', 'logistic', 'linear', 'svm', 'kmeans', 'pca', 'tree', 'network', 'generic']}
          />
          <NumberField
            path="coreset.level"
            label="Level"
            help="0 is the root; each level below has about twice the rows"
            fallback={0}
          />
          <NumberField path="coreset.seed" label="Seed" help="Seed of the draw" fallback={42} />
          <SwitchField
            path="coreset.refresh"
            label="Refresh leaves"
            help="Trees only: structure from the coreset, leaf values refitted on all rows"
            fallback={false}
          />
        </>
      )}
    </Section>
  );
}
