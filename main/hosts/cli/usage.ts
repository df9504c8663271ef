/** What `--help` prints, by command; `''` is the list of commands. */
export const usage: Readonly<Record<string, string>> = {
  '': `pith — train on the pith of your data, offline

Usage: pith COMMAND [arguments]

  run CONFIG              import, train, tune and evaluate as a configuration file says
  import FILE             import a file into a project
  profile FILE            look at every column of a file; nothing is kept
  propose FILE            try a few models that suit a file, within a time budget
  test RUN                score a run's models on the test rows it kept locked
  show RUN                a run's record: metrics, and what they were computed from and with
  predict --run ID FILE   score a file with a run's model
  export RUN              write a run's model as one ONNX file
  coreset VERB            build, look at and edit coresets
  serve                   open the studio in a browser
  bench NAME              time Pith beside its peers (bench list names them)

pith COMMAND --help says more. Without --project, commands use the folder .pith that lies beside the configuration
file or in the current folder (or above it); it is made when needed and can be opened in the studio.

Progress goes to stderr. With --json exactly one JSON document goes to stdout.
Exit status: 0 done, 1 failed, 2 wrong usage or bad input.`,
  run: `Usage: pith run CONFIG [--open-test] [--project DIR] [--json]

Runs a configuration file (YAML, *.pith.yaml): imports data.path when it is given (relative to the file), draws the
coreset, tunes, fits on the coreset and on all rows, evaluates both on the same held-out rows. Rows of split.test stay
out of all of it; they are locked until they are opened for a run.

  --open-test     score the models on the test rows too when the run is done (see pith test)
  --project DIR   project to keep the run in (default: .pith beside CONFIG, or above it)
  --json          one JSON document on stdout: runId, task, target, nRows, nTrain, nValidation, nTest, model, params,
                  coreset, metrics {coreset, full}, intervals, test, fidelity, timings, warnings, project`,
  test: `Usage: pith test RUN [--project DIR] [--json]

Opens the test rows of a finished run (split.test of its configuration): its saved models are scored on them, with 95 %
intervals beside the numbers of the validation rows. Nothing has seen these rows before, so open them once, for the run
you have chosen: the project counts the runs that looked at them, and the best of several is flattered. Opening them
again shows the same numbers.

  RUN             a run's id, number or name, or "latest"
  --project DIR   project of the run (default: .pith in the current folder, or above it)
  --json          one JSON document on stdout: that of pith run, with test {nTest, openedAt, looks, metrics, intervals}`,
  import: `Usage: pith import FILE [--project DIR] [--name NAME] [reading options] [--json]

Imports CSV, TSV, JSON, JSON lines or Parquet. Everything about reading is detected; an option overrides it.

  --project DIR      project to import into (default: .pith in the current folder, or above it)
  --name NAME        name of the data set (default: the file's)
  --format FORMAT    csv, tsv, json, jsonl, parquet
  --delimiter CHAR   e.g. ";" (\\t for tab)
  --decimal CHAR     "." or ","
  --encoding NAME    utf-8, utf-16, latin-1
  --header yes|no    whether the first line names the columns
  --null WORD        word read as missing; may be repeated
  --skip N           lines before the header
  --json             one JSON document on stdout: datasetId, versionId, hash, nRows, columns, project`,
  profile: `Usage: pith profile FILE [reading options] [--json]

Shows type, missing and distinct values, range and most frequent values of every column. Nothing is kept.
The reading options are those of pith import.`,
  propose: `Usage: pith propose FILE --target COLUMN [--budget S] [-o CONFIG] [--project DIR] [--json]

Imports FILE, picks two or three models by task, size, kinds of columns, missing values and class balance, trains them on
their coresets and ranks them on the same held-out rows, with intervals.

  --target COLUMN   column to predict
  --budget S        seconds to spend on the comparison (1 to 3600, default 30)
  -o, --out CONFIG  writes the configuration of the best one, for pith run
  --json            one JSON document on stdout: facts, metric, candidates (reasons, estimate, score, gapToBest, yaml),
                    verdict, budgetS, usedS
The reading options are those of pith import.`,
  show: `Usage: pith show RUN [--project DIR] [--json]

Prints the record of a finished run: its metrics, and what they were computed from (hashes of the data and of the
configuration), with (versions) and on (processor, instruction sets, threads).

  RUN      a run's id, number or name, or "latest"
  --json   one JSON document on stdout, the one of pith run`,
  predict: `Usage: pith predict --run ID FILE -o OUT.csv [--rows final|full|coreset] [--threshold P] [--project DIR] [--json]

Scores FILE (raw columns, as the training data had them) and writes CSV or Parquet, by the name of OUT.

  --run ID         a run's id, number or name, or "latest"
  -o, --out OUT    file to write
  --rows WHICH     the model fitted again on training and validation rows (final, the default where fit.final is all), on
                   all training rows (full, the default elsewhere) or on the coreset
  --threshold P    two classes: predict the last one where its probability is at least P (default: the likelier one);
                   how that does on the run's validation rows is printed to stderr`,
  export: `Usage: pith export RUN -o MODEL.onnx [--rows final|full|coreset] [--threshold P] [--project DIR] [--json]

Writes the whole pipeline as one ONNX file: raw columns in, predictions out. The file is run on the run's validation rows
first and compared with the saved model; one that labels rows otherwise is not written.

  RUN              a run's id, number or name, or "latest"
  -o, --out FILE   file to write
  --rows WHICH     the model fitted again on training and validation rows (final, the default where fit.final is all), on
                   all training rows (full, the default elsewhere) or on the coreset
  --threshold P    two classes: predict the last one where its probability is at least P (default: the likelier one);
                   how that does on the run's validation rows is printed to stderr`,
  coreset: `Usage: pith coreset VERB [arguments] [--project DIR] [--input JSON|@FILE|-]

  build FILE|DATASET --size N [--target COLUMN] [--service NAME] [--seed N] [--drop A,B] [--name NAME] [--time COLUMN]
  compare FILE|DATASET --sizes 500,1000,2000 [the options of build]   several sizes in the same passes, compared
  list
  info ID                  nodes, levels, weights, the model on it
  get ID                   rows and weights [--level N] [--offset N] [--limit N]
  important ID             rows that matter most [--size N] [--unseen]
  represents ID ROW        the rows a coreset row stands for [--limit N]
  fidelity ID              the measured gap to all rows [--measure measures it anew; --sizes 500,1000 --draws N
                           --model TYPE say how: any model the coreset can serve, its own kind when left out]

  update ID                correct labels or cells: --input '{"targets": {"17": "yes"}}'
  remove ID --rows 3,4     take rows out
  filter ID                take out what filters pick: --input '{"filters": [{"column": "age", "op": "less", "value": 18}]}'
  append ID FILE|DATASET   new rows behind the old ones, which are not read again
  window ID                drop the oldest rows: --from 2024-01-31, or --keep SECONDS of the newest (needs build --time)
  grow ID --rows N         more rows where the model is unsure
  edits ID                 what was changed
  undo ID                  take the last change back, exactly
  seen ID --rows 3,4       mark rows as looked at
  erase ID

ID is a coreset's id or name, or "latest". Row ids are row numbers, counted on over appended data; they never change.
--input gives more of the call's fields as JSON, as text, from a file (@FILE) or from stdin (-).
Every verb prints one JSON document on stdout.`,
  serve: `Usage: pith serve [--port N] [--project DIR]

Serves the studio on 127.0.0.1 and prints the address that opens it; the address carries a token that lets you in.

  --port N        a fixed port (default: any that is free)
  --project DIR   project to open`,
  bench: `Usage: pith bench NAME|list|all [--json] [--only TEXT]

Times our work beside a peer in one run, where the peer is installed. bench list names the benches;
--only runs the cases of a long one whose names contain TEXT.`,
};
