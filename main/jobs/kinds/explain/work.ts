import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { explanations } from '../../../contract/explain.ts';
import { strictJson } from '../../../contract/strictJson.ts';
import { loadPipeline } from '../../../models/pipeline/pipeline.ts';
import { estimatorEntry, structureOf } from '../../../models/registry.ts';
import type { JobContext, JobKindHandler } from '../../handlers.ts';
import type { AskedModel, ExplainInput, ExplainOutcome } from './input.ts';
import { notForModel } from './questions/contributions.ts';
import { dependence } from './questions/dependence.ts';
import { importance } from './questions/importance.ts';
import { learning } from './questions/learning.ts';
import { prediction, shap } from './questions/shap.ts';
import { clusters, components } from './questions/structure.ts';
import { tree } from './questions/tree.ts';

/** Answers one question about a run's model. */
export const work: JobKindHandler<ExplainInput, ExplainOutcome> = {
  kind: 'explain',
  async work(input, context) {
    context.report({ fraction: 0, step: 'Reading the model and its validation rows' });
    const pipeline = await loadPipeline(await readFile(input.pipeline));
    if (pipeline.doubt !== null) context.log(pipeline.doubt);
    const answer = explanations[input.question].parse(await answerTo({ ...input, pipeline }, context));
    const answerFile = path.join(context.stagingDir, 'answer.json');
    await writeFile(answerFile, strictJson(answer));
    return { answerFile };
  },
};

async function answerTo(input: AskedModel, context: JobContext): Promise<unknown> {
  const { spec } = await estimatorEntry(input.config.model.type);
  const isOfStructure = input.question === 'clusters' || input.question === 'components';
  if (structureOf(spec) !== null && !isOfStructure)
    throw notForModel('This', `It is about predictions, and ${spec.title} predicts no target`);
  switch (input.question) {
    case 'importance':
      return importance(input, context);
    case 'shap':
      return shap(input, context);
    case 'prediction':
      return prediction(input, context);
    case 'partialDependence':
      return dependence(input, context);
    case 'tree':
      return tree(input);
    case 'learningCurve':
      return learning(input, context.threads, context);
    case 'clusters':
      return clusters(input, context.threads, context);
    case 'components':
      return components(input, context.threads);
  }
}
