import type { Channel, Out, Parsed } from '../../contract/channels.ts';
import type { FileAccess } from '../access.ts';
import type { EngineContext } from '../handlers.ts';
import type { Home } from '../home.ts';
import type { Projects } from '../projects.ts';
import type { RecentProjects } from '../recent.ts';
import type { JobRunner } from '../runner.ts';

/** What the engine's own calls (app, project, job) work with; the other domains see only `EngineContext`. */
export interface EngineParts extends EngineContext {
  readonly home: Home;
  readonly access: FileAccess;
  readonly projects: Projects;
  readonly recent: RecentProjects;
  readonly runner: JobRunner;
}

/** `CallHandlers` for the engine's own calls. */
export type OwnCallHandlers = {
  readonly [C in Channel]?: (input: Parsed<C>, parts: EngineParts) => Promise<Out<C>> | Out<C>;
};
