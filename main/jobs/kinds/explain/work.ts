import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { explanations } from '../../../contract/explain.ts';
import type { JobContext, JobKindHandler } from '../../handlers.ts';
import type { ExplainInput, ExplainOutcome } from './input.ts';
import { notForModel } from './questions/contributions.ts';
import { dependence } from './questions/dependence.ts';
import { importance } from './questions/importance.ts';
import { learning } from './questions/learning.ts';
import { prediction, shap } from './questions/shap.ts';
import { tree } from './questions/tree.ts';

/** Answers one question about a run's model. */
export const work: JobKindHandler<ExplainInput, ExplainOutcome> = {
  kind: 'explain',
  async work(input, context) {
    context.report({ fraction: 0, step: 'Reading the model and its validation rows' });
    const answer = explanations[input.question].parse(await answerTo(input, context));
    const answerFile = path.join(context.stagingDir, 'answer.json');
    await writeFile(answerFile, JSON.stringify(answer));
    return { answerFile };
  },
};

function answerTo(input: ExplainInput, context: JobContext): Promise<unknown> {
  switch (input.question) {
    case 'importance':
      return importance(input, context);
    case 'shap':
      return shap(input);
    case 'prediction':
      return prediction(input);
    case 'partialDependence':
      return dependence(input, context);
    case 'tree':
      return tree(input);
    case 'learningCurve':
      return learning(input, context.threads, context);
    case 'clusters':
      throw notForModel('Cluster profiles', 'They belong to clusterings, and this run predicts a target');
  }
}
