import { resolve } from 'node:path';
import { Engine } from '../../../jobs/engine.ts';
import { serveStudio } from '../../web/serveStudio.ts';
import { readArgs, wholeNumber } from '../args.ts';

export async function serve(argv: string[]): Promise<number> {
  const { values } = readArgs('serve', argv, [], {
    port: { type: 'string' },
    project: { type: 'string' },
  });
  const port = values.port === undefined ? undefined : wholeNumber('serve', 'port', values.port, 1);
  const engine = new Engine({ access: { offersDownloads: true } });
  if (values.project !== undefined) {
    const path = resolve(values.project);
    engine.access.allow(path);
    await engine.ask('project.open', { path });
  }
  await serveStudio(engine, { ...(port !== undefined && { port }), opensSample: values.project === undefined });
  return 0;
}
