export interface CandidatesInput {
  readonly versionId: string;
  /** Path of the data version. */
  readonly file: string;
  /** The proposed configuration: target, split, coreset, columns left out. */
  readonly yaml: string;
  /** Why it says what it says, a sentence each. */
  readonly reasons: readonly string[];
  readonly budgetS: number;
  /** Name the answer is kept under. */
  readonly artefact: string;
}

export interface CandidatesOutcome {
  /** Path of the answer (JSON) in the staging folder. */
  readonly answerFile: string;
}
