import type { RunResult } from '../run/evaluation.ts';

/** What every topic of the explain pages gets. */
export interface TopicProps {
  readonly projectId: string;
  readonly runId: string;
  readonly result: RunResult;
  readonly isReadOnly: boolean;
  /** Writes a change into the run's configuration; with `isRetrain` a new run starts at once. */
  readonly onApply: (patch: Readonly<Record<string, unknown>>, isRetrain: boolean) => void;
}

const TREE_MODELS = /tree|forest|boost/i;
const LINEAR_MODELS = /linear|logistic|ridge|lasso|elastic|huber/i;

export const isTreeModel = (type: string): boolean => TREE_MODELS.test(type);

/** Whether SHAP values of the model are computed exactly. */
export const hasContributions = (type: string): boolean => isTreeModel(type) || LINEAR_MODELS.test(type);
