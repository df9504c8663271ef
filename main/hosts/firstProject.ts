import type { Engine } from '../jobs/engine.ts';

const firstSample = 'flights-3m';

/** On the very first start there is nothing to look at yet: opens the sample that shows what Pith is for. */
export async function openFirstProject(engine: Engine): Promise<void> {
  const recent = await engine.ask('project.recent', {});
  const opened = await engine.ask('project.opened', {});
  if (recent.length > 0 || opened.length > 0) return;
  // Without the sample the studio opens just as well.
  await engine.call('project.openSample', { sampleId: firstSample });
}
