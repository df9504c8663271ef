import { z } from 'zod';

/**
 * What `run.explain` computes and `run.explanation` answers (null until computed), by question. All are about the
 * model of `args.rows` ('full' where it exists, else 'coreset'), on raw columns, with the rows they were computed on.
 */
const computedOn = {
  /** "validation", "coreset" …, and how many of them. */
  rowsKind: z.string(),
  nRows: z.number(),
};

/** `importance`, args {kind: 'permutation' | 'impurity' | 'shap', nRepeats?}: largest first. */
export const ImportanceAnswer = z.object({
  ...computedOn,
  kind: z.string(),
  /** What the value measures: "loss of ROC AUC when shuffled", "share of impurity removed" … */
  unit: z.string(),
  items: z.array(
    z.object({ feature: z.string(), value: z.number(), low: z.number().optional(), high: z.number().optional() }),
  ),
});
export type ImportanceAnswer = z.infer<typeof ImportanceAnswer>;

/** `shap`, args {nRows?, class?}: one row of values a data row. */
export const ShapAnswer = z.object({
  ...computedOn,
  /** What contributions add up to: "log-odds of >50K", "price". */
  unit: z.string(),
  base: z.number(),
  features: z.array(z.string()),
  rowIds: z.array(z.number()),
  /** values[row][feature] */
  values: z.array(z.array(z.number())),
  /** cells[row][feature], raw values as text. */
  cells: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  predictions: z.array(z.number()),
});
export type ShapAnswer = z.infer<typeof ShapAnswer>;

/** `prediction`, args {rowId} or {row: {column: value}}: one row explained. */
export const PredictionAnswer = z.object({
  unit: z.string(),
  base: z.number(),
  prediction: z.number(),
  label: z.string().nullable(),
  contributions: z.array(
    z.object({
      feature: z.string(),
      cell: z.union([z.string(), z.number(), z.boolean(), z.null()]),
      value: z.number(),
    }),
  ),
});
export type PredictionAnswer = z.infer<typeof PredictionAnswer>;

/** `partialDependence`, args {feature, nRows?, nGrid?}: mean and single curves; `x` is numbers or levels. */
export const PartialDependenceAnswer = z.object({
  ...computedOn,
  feature: z.string(),
  unit: z.string(),
  x: z.array(z.union([z.number(), z.string()])),
  mean: z.array(z.number()),
  /** Individual conditional expectations, a few dozen rows. */
  ice: z.array(z.array(z.number())),
  /** Where the data is: deciles of a number column. */
  deciles: z.array(z.number()).optional(),
});
export type PartialDependenceAnswer = z.infer<typeof PartialDependenceAnswer>;

/** `tree`, args {index?}: one tree of the model. Yes goes to the first child. */
export const TreeAnswer = z.object({
  index: z.number(),
  nTrees: z.number(),
  classes: z.array(z.string()),
  /** What `value` is: "price", "added to the log-odds of yes". */
  unit: z.string().optional(),
  nodes: z.array(
    z.object({
      id: z.number(),
      children: z.array(z.number()),
      question: z.string().nullable(),
      nRows: z.number(),
      value: z.number().nullable(),
      shares: z.array(z.number()).nullable(),
    }),
  ),
});
export type TreeAnswer = z.infer<typeof TreeAnswer>;

/** Rows on the two directions along which they differ most; `cluster` is an index into the clusters. */
const MapPoint = z.object({ x: z.number(), y: z.number(), cluster: z.number() });

/** `clusters`: profiles of a clustering and the choice of k. */
export const ClustersAnswer = z.object({
  ...computedOn,
  clusters: z.array(
    z.object({
      label: z.string(),
      nRows: z.number(),
      /** Feature, its mean or share here and overall, and the difference in standard deviations. */
      features: z.array(
        z.object({ feature: z.string(), here: z.number(), overall: z.number(), difference: z.number() }),
      ),
    }),
  ),
  choice: z.array(z.object({ k: z.number(), inertia: z.number(), silhouette: z.number().nullable() })).optional(),
  /** Rows the choice was measured on. */
  nChoiceRows: z.number().optional(),
  /** The k with the best silhouette, and what to make of it. */
  suggestedK: z.number().nullable().optional(),
  advice: z.array(z.string()).optional(),
  map: z.array(MapPoint).optional(),
});
export type ClustersAnswer = z.infer<typeof ClustersAnswer>;

/** `components`: what each principal component explains and is made of. */
export const ComponentsAnswer = z.object({
  ...computedOn,
  components: z.array(
    z.object({
      label: z.string(),
      /** Share of the variance of all features. */
      explained: z.number(),
      /** With the components before it. */
      cumulative: z.number(),
      /** Loadings by feature, largest first; their squares add up to 1. */
      loadings: z.array(z.object({ feature: z.string(), value: z.number() })),
    }),
  ),
  map: z.array(MapPoint),
});
export type ComponentsAnswer = z.infer<typeof ComponentsAnswer>;

/** `learningCurve`, args {sizes?, folds?}: score by number of training rows. */
export const LearningCurveAnswer = z.object({
  metric: z.string(),
  points: z.array(
    z.object({
      nRows: z.number(),
      train: z.number(),
      validation: z.number(),
      low: z.number().optional(),
      high: z.number().optional(),
    }),
  ),
  nValidation: z.number(),
  /** What the curve says: more rows would help, the model over-fits … with the remedy. */
  advice: z.array(z.string()),
});
export type LearningCurveAnswer = z.infer<typeof LearningCurveAnswer>;

/** Question name → schema of its answer. */
export const explanations = {
  importance: ImportanceAnswer,
  shap: ShapAnswer,
  prediction: PredictionAnswer,
  partialDependence: PartialDependenceAnswer,
  tree: TreeAnswer,
  clusters: ClustersAnswer,
  components: ComponentsAnswer,
  learningCurve: LearningCurveAnswer,
} as const;
export type Question = keyof typeof explanations;
