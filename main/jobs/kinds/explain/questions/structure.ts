import type { ClustersAnswer, ComponentsAnswer } from '../../../../contract/explain.ts';
import { AppError } from '../../../../contract/errors.ts';
import { takeRows, type Matrix } from '../../../../kernels/matrix.ts';
import { createRng, permutation } from '../../../../kernels/rng.ts';
import { takeTableRows, type Table } from '../../../../kernels/table.ts';
import { quietTask, subtask, type TaskContext } from '../../../../kernels/task.ts';
import { chooseK, suggestK, type KChoice } from '../../../../models/cluster/chooseK.ts';
import { FittedPca, pca } from '../../../../models/decomposition/pca.ts';
import { clusterProfiles } from '../../../../models/explain/clusterProfile.ts';
import type { FittedPipeline } from '../../../../models/pipeline/pipeline.ts';
import { readColumns, splitTable } from '../../../../experiment/rows/prepare.ts';
import type { AskedModel } from '../input.ts';
import { notForModel } from './contributions.ts';

const PROFILE_ROWS = 100_000;
const CHOICE_ROWS = 20_000;
const MAP_ROWS = 600;
const LARGEST_K = 10;

/** Clusters in the units of the raw columns, a map of them, and inertia and silhouette by their number. */
export async function clusters(input: AskedModel, threads: number, task: TaskContext): Promise<ClustersAnswer> {
  const { pipeline, table, X } = await trainingRows(input);
  const { classes } = pipeline;
  if (classes.length === 0 || pipeline.target !== '')
    throw notForModel('Cluster profiles', 'They belong to clusterings, and this model has no clusters');
  const labels = await pipeline.fitted.predict(X);
  const counts = classes.map((_, c) => labels.reduce((n, label) => n + Number(label === c), 0));
  const numbers = withoutTimes(table, pipeline);
  const profiles = clusterProfiles(numbers, labels, classes.length);
  const ks = Array.from({ length: LARGEST_K - 1 }, (_, i) => i + 2);
  const drawn = someRows(X.nRows, CHOICE_ROWS);
  const choice = await chooseK(takeRows(X, drawn), ks, {
    rng: createRng(input.config.split.seed).fork('choice'),
    task: subtask(task, 0.1, 0.95, 'Trying numbers of clusters'),
    threads,
  });
  const { bySilhouette, byElbow } = suggestK(choice);
  return {
    rowsKind: 'training',
    nRows: X.nRows,
    clusters: classes.map((label, c) => ({ label, nRows: counts[c]!, features: profiles[c]! })),
    choice,
    nChoiceRows: drawn.length,
    suggestedK: bySilhouette,
    advice: adviceOf(choice, bySilhouette, byElbow, classes.length),
    map: await mapOf(X, labels, threads),
  };
}

/** What the components explain and are made of. */
export async function components(input: AskedModel, threads: number): Promise<ComponentsAnswer> {
  const { pipeline, X } = await trainingRows(input);
  const { fitted, preprocessor } = pipeline;
  if (!(fitted instanceof FittedPca))
    throw notForModel('Components', 'They belong to principal components, and this model has none');
  const d = fitted.nFeaturesIn;
  let cumulative = 0;
  return {
    rowsKind: 'training',
    nRows: X.nRows,
    components: Array.from(fitted.explained, (explained, c) => {
      cumulative += explained;
      const loadings = preprocessor.features.map(({ name }, j) => ({
        feature: name,
        value: fitted.components[c * d + j]!,
      }));
      return {
        label: `Component ${c + 1}`,
        explained,
        cumulative,
        loadings: loadings.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
      };
    }),
    map: await mapOf(X, new Float64Array(X.nRows), threads),
  };
}

interface TrainingRows {
  readonly pipeline: FittedPipeline;
  /** Raw columns. */
  readonly table: Table;
  readonly X: Matrix;
}

/** The model, and the training rows of its run (at most PROFILE_ROWS of them). */
async function trainingRows({ pipeline, file: version, config }: AskedModel): Promise<TrainingRows> {
  if (pipeline.target !== '')
    throw new AppError({
      code: 'EXPLAIN_NOT_FOR_MODEL',
      message: 'This model predicts a target: it has neither clusters nor components.',
      fix: { kind: 'chooseQuestion', label: 'Look at importance and dependence instead' },
    });
  const { table, features } = await readColumns(version, config, []);
  const { train } = splitTable(
    table,
    Uint32Array.from({ length: table.nRows }, (_, i) => i),
    config,
    undefined,
  );
  const rows = takeTableRows(
    features,
    Uint32Array.from(someRows(train.length, PROFILE_ROWS), (i) => train[i]!),
  );
  return { pipeline, table: rows, X: pipeline.preprocessor.transform(rows) };
}

/** At most `most` of `n` rows, drawn with a fixed seed, ascending. */
const someRows = (n: number, most: number): Uint32Array =>
  n <= most ? Uint32Array.from({ length: n }, (_, i) => i) : permutation(n, createRng(7)).slice(0, most).sort();

/** Columns a person reads a mean of: points in time have none. */
function withoutTimes(table: Table, { preprocessor }: FittedPipeline): Table {
  const kinds = new Map(preprocessor.inputs.map(({ name, type }) => [name, type]));
  const columns = table.columns.filter(({ name }) => kinds.has(name) && kinds.get(name) !== 'time');
  return { nRows: table.nRows, columns };
}

/** Rows on the two directions along which they differ most. */
async function mapOf(X: Matrix, labels: ArrayLike<number>, threads: number): Promise<ComponentsAnswer['map']> {
  const drawn = someRows(X.nRows, MAP_ROWS);
  const some = takeRows(X, drawn);
  const context = { rng: createRng(1), task: quietTask, threads };
  const nComponents = Math.min(2, X.nCols);
  const plane = (await pca
    .make({ nComponents })
    .fit(some, new Float64Array(drawn.length), { task: 'regression' }, context)) as FittedPca;
  const { data } = plane.transform(some);
  return Array.from(drawn, (row, i) => ({
    x: data[i * nComponents]!,
    y: nComponents > 1 ? data[i * nComponents + 1]! : 0,
    cluster: labels[row]!,
  }));
}

function adviceOf(choice: readonly KChoice[], best: number | null, elbow: number | null, k: number): string[] {
  const at = choice.find((c) => c.k === best);
  if (!at || at.silhouette === null) return [];
  const own = choice.find((c) => c.k === k)?.silhouette ?? null;
  const said = `The silhouette is largest at ${best} clusters (${at.silhouette.toFixed(3)}${
    own !== null && k !== best ? `, ${own.toFixed(3)} at ${k}` : ''
  })${elbow === null ? '' : `; inertia falls fast until ${elbow}`}.`;
  const worth =
    at.silhouette < 0.25
      ? 'Below 0.25 there is hardly any structure: clusters cut through a cloud, whatever their number.'
      : at.silhouette < 0.5
        ? 'Between 0.25 and 0.5 clusters overlap: take them as a summary, not as kinds.'
        : 'Above 0.5 clusters are well apart.';
  return [said, worth];
}
