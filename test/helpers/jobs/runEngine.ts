/** A real engine process for the tests that kill it: `node runEngine.ts HOME YAML` starts a run and tells its ids. */
import { Engine } from '../../../main/jobs/engine.ts';

const [home, yaml] = process.argv.slice(2) as [string, string];
const engine = new Engine({ home, access: { isTrusting: true }, spare: 'none' });
const { id: projectId, path } = await engine.ask('project.create', { name: 'Killed' });
console.log(JSON.stringify({ path, ...(await engine.ask('run.start', { projectId, yaml })) }));
