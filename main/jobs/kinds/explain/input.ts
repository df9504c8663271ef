import type { RunConfig } from '../../../contract/config.ts';
import type { Question } from '../../../contract/explain.ts';
import type { FittedPipeline } from '../../../models/pipeline/pipeline.ts';

export interface ExplainInput {
  readonly runId: string;
  readonly question: Question;
  readonly args: Readonly<Record<string, unknown>>;
  /** Name the answer is kept under among the run's artefacts. */
  readonly artefact: string;
  readonly config: RunConfig;
  /** Parameters the search chose. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Paths of the run's saved pipeline and of its data version. */
  readonly pipeline: string;
  readonly file: string;
  readonly rowsKind: 'full' | 'coreset';
}

/** A question about a model that was read. */
export interface AskedModel extends Omit<ExplainInput, 'pipeline'> {
  readonly pipeline: FittedPipeline;
}

export interface ExplainOutcome {
  /** Path of the answer (JSON) in the staging folder. */
  readonly answerFile: string;
}
