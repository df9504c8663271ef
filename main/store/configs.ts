import type { Db } from './database.ts';
import { now } from './ids.ts';

export interface ConfigFile {
  readonly name: string;
  readonly yaml: string;
  readonly updatedAt: string;
}

/** Named training configurations of a project. */
export class ConfigStore {
  private readonly db: Db;

  constructor(db: Db) {
    this.db = db;
  }

  /** By name. */
  list(): ConfigFile[] {
    return this.db
      .prepare<[], ConfigFile>(
        'SELECT name, yaml, updated_at AS updatedAt FROM config_file ORDER BY name COLLATE NOCASE',
      )
      .all();
  }

  save(name: string, yaml: string): void {
    this.db.prepare('INSERT OR REPLACE INTO config_file VALUES (?, ?, ?)').run(name, yaml, now());
  }

  remove(name: string): void {
    this.db.prepare('DELETE FROM config_file WHERE name = ?').run(name);
  }
}
