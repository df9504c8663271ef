import { useMemo } from 'react';
import type { Dataset } from '../../../../main/contract/data.ts';
import { FormContext, useForm, type FormApi } from './formContext.ts';
import { ChoiceField, ColumnField, ColumnsField, NumberField, SwitchField, TextField } from './fields.tsx';
import { CoresetSection } from './CoresetSection.tsx';
import { Section } from './Section.tsx';
import { ModelSection } from './ModelSection.tsx';
import { TuneSection } from './TuneSection.tsx';
import './form.css';

/** The configuration file as a form; every field writes straight into the file. */
export function ConfigForm({ api, datasets }: { api: FormApi; datasets: readonly Dataset[] }) {
  return (
    <FormContext value={api}>
      <form className="config-form" onSubmit={(e) => e.preventDefault()} aria-label="Configuration">
        <DataSection datasets={datasets} />
        <ModelSection />
        <CoresetSection />
        <TuneSection />
        <Section title="Split" isOpen={false} paths={SPLIT_PATHS}>
          <NumberField
            path="split.validation"
            label="Validation"
            help="Share of rows held out for validation (0–1), or a row count"
            fallback={0.2}
          />
          <NumberField
            path="split.test"
            label="Test"
            help="Share of rows kept locked until you open them for a run (0–1), or a row count"
            fallback={0}
          />
          <SwitchField
            path="split.stratify"
            label="Stratify"
            help="Keep class shares equal in every part (classification only)"
            fallback
          />
          <ColumnField
            path="split.time"
            label="By time"
            help="The last rows by this column become validation. rowOrder is the order of the file"
            isNullable
            extra={['rowOrder']}
          />
          <ColumnField
            path="split.group"
            label="By group"
            help="Rows with the same value stay together in one part"
            isNullable
          />
          <NumberField path="split.seed" label="Seed" help="Seed of the random split" fallback={42} />
        </Section>
        <Section title="Preparation of columns" isOpen={false} paths={PREPROCESS_PATHS}>
          <ChoiceField
            path="preprocess.impute"
            label="Missing numbers"
            help="How missing numbers are filled"
            fallback="median"
            choices={['mean', 'median', 'mode', 'constant']}
          />
          <SwitchField
            path="preprocess.missingIndicator"
            label="Mark missing"
            help="Add a 0/1 column for each number column with missing values"
            fallback={false}
          />
          <ChoiceField
            path="preprocess.scale"
            label="Scale"
            help="How number columns are scaled"
            fallback="standard"
            choices={['standard', 'minMax', 'robust', 'power', 'none']}
          />
          <ChoiceField
            path="preprocess.encode"
            label="Categories"
            help="How categories become numbers"
            fallback="oneHot"
            choices={[['oneHot', 'one-hot'], 'ordinal', 'target', 'hashing']}
          />
          <NumberField
            path="preprocess.maxLevels"
            label="Levels kept"
            help="Levels per category kept as columns of their own; the rest become one"
            fallback={50}
          />
          <NumberField
            path="preprocess.minLevelCount"
            label="Rare below"
            unit="rows"
            help="Levels seen in fewer rows than this become one rare level"
            fallback={1}
          />
          <ChoiceField
            path="preprocess.text"
            label="Free text"
            help="What to do with free text columns"
            fallback="drop"
            choices={['drop', ['hashedNgrams', 'n-grams'], ['tfidf', 'tf-idf']]}
          />
          <SwitchField
            path="preprocess.dates"
            label="Date parts"
            help="Turn date columns into year, month, day, weekday and hour"
            fallback
          />
          <SwitchField
            path="preprocess.interactions"
            label="Interactions"
            help="Add products of pairs of number columns"
            fallback={false}
          />
          <SwitchField
            path="preprocess.dropConstant"
            label="Drop constant"
            help="Leave out constant and duplicate features"
            fallback
          />
        </Section>
        <Section title="Last fit" isOpen={false} paths={FIT_PATHS}>
          <ChoiceField
            path="fit.final"
            label="Model in use"
            help="all: after evaluation the winner is fitted again on training and validation rows, and scores files; metrics stay those of the model that did not see the validation rows"
            fallback="train"
            choices={[
              ['train', 'of training rows'],
              ['all', 'of training and validation rows'],
            ]}
          />
        </Section>
        <Section title="Computing" isOpen={false} paths={COMPUTE_PATHS}>
          <TextField path="name" label="Run name" help="What the run is called" />
          <NumberField path="compute.threads" label="Threads" help="All cores when left out" fallback="all cores" />
          <TextField
            path="compute.provider"
            label="Provider"
            help="Execution provider: cpu, cuda, directml, coreml, webgpu"
            fallback="cpu"
          />
        </Section>
      </form>
    </FormContext>
  );
}

const SPLIT_PATHS = ['split'];
const PREPROCESS_PATHS = ['preprocess'];
const FIT_PATHS = ['fit'];
const COMPUTE_PATHS = ['compute', 'name'];

function DataSection({ datasets }: { datasets: readonly Dataset[] }) {
  const form = useForm();
  const names = useMemo(() => datasets.map((d) => d.name), [datasets]);
  const type = form.value('model.type');
  const spec = form.estimators.find((e) => e.type === type);
  const isWithoutTarget = spec?.tasks.every((task) => task === 'unsupervised') ?? false;
  const isByPath = form.value('data.dataset') === undefined && form.value('data.path') !== undefined;
  return (
    <Section title="Data">
      {isByPath ? (
        <TextField path="data.path" label="File" help="File to import, relative to the configuration file" />
      ) : (
        <ChoiceField
          path="data.dataset"
          label="Data set"
          help="Data set of the project"
          choices={names}
          isNullable={names.length === 0}
        />
      )}
      <ColumnField
        path="data.target"
        label="Target"
        help="Column to predict; none for clusters and components"
        isNullable={isWithoutTarget}
      />
      <ChoiceField
        path="data.task"
        label="Task"
        help="What kind of target it is"
        fallback="auto"
        choices={['auto', 'binary', ['multiclass', 'multi-class'], 'regression', 'clustering', 'decomposition']}
      />
      <ColumnsField path="data.drop" label="Leave out" help="Columns not to use" />
    </Section>
  );
}
