import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { RecentProject } from '../contract/project.ts';
import { databaseName } from '../store/openStore.ts';
import type { ProjectStore } from '../store/projectStore.ts';

const Entry = RecentProject.omit({ exists: true, nRunningJobs: true });
type Entry = z.infer<typeof Entry>;
const State = z.object({ recent: z.array(Entry).default([]) });

const kept = 50;

/** Recently opened projects in `state.json`, newest first, written atomically. */
export class RecentProjects {
  private readonly statePath: string;

  constructor(statePath: string) {
    this.statePath = statePath;
  }

  list(): Omit<RecentProject, 'nRunningJobs'>[] {
    return this.read().map((entry) => ({ ...entry, exists: existsSync(join(entry.path, databaseName)) }));
  }

  /** Puts the project first. */
  opened(path: string, store: ProjectStore): void {
    this.put({ ...describe(path, store), openedAt: new Date().toISOString() }, true);
  }

  /** Brings the entry's numbers up to date and leaves its place. */
  changed(path: string, store: ProjectStore): void {
    const former = this.read().find((entry) => entry.path === path);
    if (!former) return;
    const entry = { ...former, ...describe(path, store) };
    if (JSON.stringify(entry) !== JSON.stringify(former)) this.put(entry, false);
  }

  forget(path: string): void {
    this.write(this.read().filter((entry) => entry.path !== path));
  }

  private put(entry: Entry, isFirst: boolean): void {
    const all = this.read();
    const at = all.findIndex(({ path }) => path === entry.path);
    const others = all.filter(({ path }) => path !== entry.path);
    others.splice(isFirst || at < 0 ? 0 : at, 0, entry);
    this.write(others.slice(0, kept));
  }

  private read(): Entry[] {
    try {
      return State.parse(JSON.parse(readFileSync(this.statePath, 'utf8'))).recent;
    } catch {
      return []; // none yet, or not readable: the list is a convenience, projects are where they are
    }
  }

  private write(recent: Entry[]): void {
    const staged = `${this.statePath}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.statePath), { recursive: true });
      writeFileSync(staged, JSON.stringify({ recent }, null, 1));
      renameSync(staged, this.statePath);
    } catch {
      // A full or read-only disk must not keep a person from their project.
    }
  }
}

/** Size of the newest data, target and the main metric's course over the last runs, oldest first. */
function describe(path: string, store: ProjectStore): Omit<Entry, 'openedAt'> {
  const version = store.datasets.list()[0]?.versions[0];
  const runs = store.runs.list().filter(({ status, metricName }) => status === 'done' && metricName !== null);
  const [newest] = runs;
  const values = runs
    .filter(({ metricName }) => metricName === newest?.metricName)
    .slice(0, 12)
    .map(({ fullMetric, coresetMetric }) => (fullMetric ?? coresetMetric)?.value)
    .filter((value) => value !== undefined)
    .reverse();
  return {
    path,
    name: store.name,
    nRows: version?.nRows ?? null,
    nColumns: version?.columns.length ?? null,
    target: newest?.target ?? null,
    metric: newest?.metricName ? { name: newest.metricName, values } : null,
  };
}
