/**
 * The schema, one step a version: `PRAGMA user_version` counts the steps a project has taken.
 * Never edit a step that was released; append one.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE project (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE dataset (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    import_options TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE version (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    n_rows INTEGER NOT NULL,
    columns TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    note TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX version_dataset ON version (dataset_id);
  CREATE INDEX version_hash ON version (hash);

  CREATE TABLE profile (
    version_id TEXT PRIMARY KEY REFERENCES version (id) ON DELETE CASCADE,
    columns TEXT NOT NULL
  ) STRICT;

  CREATE TABLE run (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    yaml TEXT NOT NULL,
    model TEXT NOT NULL,
    model_title TEXT NOT NULL,
    dataset TEXT NOT NULL,
    target TEXT NOT NULL,
    task TEXT NOT NULL,
    version_id TEXT,
    version_hash TEXT,
    coreset_rows INTEGER,
    n_train INTEGER,
    metric_name TEXT,
    gap REAL,
    seconds REAL,
    result TEXT,
    error TEXT,
    note TEXT NOT NULL DEFAULT '',
    trashed_at TEXT,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE param (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE metric (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    rows TEXT NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    low REAL,
    high REAL,
    PRIMARY KEY (run_id, rows, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE series_point (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    series TEXT NOT NULL,
    step REAL NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (run_id, series, step)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tag (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (run_id, tag)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE coreset (
    id TEXT PRIMARY KEY,
    version_id TEXT NOT NULL,
    name TEXT NOT NULL,
    meta TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE coreset_edit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    coreset_id TEXT NOT NULL REFERENCES coreset (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    n_rows INTEGER NOT NULL,
    edit TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX coreset_edit_coreset ON coreset_edit (coreset_id);

  CREATE TABLE artefact (
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (owner_id, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX artefact_hash ON artefact (hash);

  CREATE TABLE config_file (
    name TEXT PRIMARY KEY,
    yaml TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE job (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    state TEXT NOT NULL,
    input TEXT NOT NULL,
    run_id TEXT,
    is_resumable INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT
  ) STRICT;
  CREATE INDEX job_status ON job (status);

  CREATE TABLE job_log (
    id INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX job_log_job ON job_log (job_id);
  `,
  // Why a metric has no interval: 'tooFewRows', 'tooFewGroups', or null.
  `ALTER TABLE metric ADD COLUMN interval TEXT;`,
  // The run of a look may be gone: erasing it does not undo the look, so nothing refers to table run.
  `
  CREATE TABLE test_opening (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL UNIQUE,
    test_set TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    result TEXT
  ) STRICT;
  CREATE INDEX test_opening_set ON test_opening (test_set);
  `,
  // Looks are counted by rows: a split that changes a little, or a column more, is no other test set. What runs of before
  // recorded is filled in; which rows they opened is known by hash only.
  `
  ALTER TABLE test_opening ADD COLUMN dataset TEXT;
  ALTER TABLE test_opening ADD COLUMN target TEXT;
  ALTER TABLE test_opening ADD COLUMN version_hash TEXT;
  ALTER TABLE test_opening ADD COLUMN rows_hash TEXT;
  ALTER TABLE test_opening ADD COLUMN n_rows INTEGER;
  ALTER TABLE test_opening ADD COLUMN rows BLOB;
  UPDATE test_opening SET (dataset, target, version_hash, rows_hash, n_rows) = (
    SELECT dataset, target, version_hash,
           CASE WHEN json_valid(run.result) THEN json_extract(run.result, '$.testRowsHash') END,
           CASE WHEN json_valid(run.result) THEN json_extract(run.result, '$.nRows') END
    FROM run WHERE run.id = test_opening.run_id);
  CREATE INDEX test_opening_target ON test_opening (target);

  CREATE TABLE run_test_rows (
    run_id TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    rows BLOB NOT NULL
  ) STRICT;
  `,
];

/** The schema version this Pith writes. */
export const schemaVersion = migrations.length;
