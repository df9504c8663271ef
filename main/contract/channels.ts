import { z } from 'zod';
import { CandidatesAnswer } from './candidates.ts';
import { ConfigProblem, EstimatorSpec, RunConfig } from './config.ts';
import {
  ComparedCoreset,
  CoresetEdit,
  CoresetInfo,
  CoresetRepresents,
  CoresetRows,
  CoresetSetting,
  CoresetSummary,
  FidelityCurve,
  ImportantSample,
} from './coreset.ts';
import {
  ColumnProfile,
  DataPage,
  Dataset,
  FileRef,
  Filter,
  Finding,
  ImportOptions,
  ImportPreview,
  Sort,
} from './data.ts';
import { Cell, Id } from './json.ts';
import { Job, LogLine } from './jobs.ts';
import { AppInfo, Project, RecentProject, Sample } from './project.ts';
import { RunDetail, RunFinding, RunSummary, SeriesPoint } from './run.ts';

const none = z.object({});
/** Two classes: the last one is predicted where its probability is at least this; the likelier one when left out. */
const Threshold = z.number().min(0).max(1);
const ofProject = z.object({ projectId: Id });
const ofVersion = z.object({ projectId: Id, versionId: Id });
const ofRun = z.object({ projectId: Id, runId: Id });
const ofCoreset = z.object({ projectId: Id, coresetId: Id });
const ofJob = z.object({ projectId: Id, jobId: Id });

/** Every call the renderer (or any other client) can make: its input and its output. */
export const channels = {
  'app.info': { input: none, output: AppInfo },
  'app.samples': { input: none, output: z.array(Sample) },

  'project.recent': { input: none, output: z.array(RecentProject) },
  'project.create': { input: z.object({ name: z.string().min(1), path: z.string().optional() }), output: Project },
  'project.open': { input: z.object({ path: z.string() }), output: Project },
  'project.openSample': {
    input: z.object({ sampleId: z.string() }),
    output: z.object({ project: Project, jobId: Id.nullable() }),
  },
  'project.opened': { input: none, output: z.array(Project) },
  'project.close': { input: ofProject, output: none },
  'project.forget': { input: z.object({ path: z.string() }), output: none },

  'data.inspect': { input: z.object({ file: FileRef, options: ImportOptions }), output: ImportPreview },
  'data.import': {
    input: z.object({ projectId: Id, file: FileRef, options: ImportOptions, name: z.string().optional() }),
    output: z.object({ jobId: Id }),
  },
  'data.list': { input: ofProject, output: z.array(Dataset) },
  'data.page': {
    input: ofVersion.extend({
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(1000),
      sort: z.array(Sort),
      filters: z.array(Filter),
    }),
    output: DataPage,
  },
  'data.profile': { input: ofVersion, output: z.array(ColumnProfile) },
  'data.findings': { input: ofVersion.extend({ target: z.string().optional() }), output: z.array(Finding) },
  'data.remove': { input: z.object({ projectId: Id, datasetId: Id }), output: none },

  'config.check': {
    input: z.object({ projectId: Id.nullable(), yaml: z.string() }),
    output: z.object({ config: RunConfig.nullable(), problems: z.array(ConfigProblem) }),
  },
  'config.schema': { input: none, output: z.record(z.string(), z.unknown()) },
  'config.propose': {
    input: ofVersion.extend({ target: z.string().optional() }),
    output: z.object({ yaml: z.string(), reasons: z.array(z.string()), target: z.string() }),
  },
  /** Trains a few models that suit the data within `budgetS` seconds; `config.candidatesAnswer` has the outcome. */
  'config.candidates': {
    input: ofVersion.extend({ target: z.string(), budgetS: z.number().min(1).max(3600).default(30) }),
    output: z.object({ jobId: Id }),
  },
  /** The latest comparison for this target; null when there is none. */
  'config.candidatesAnswer': {
    input: ofVersion.extend({ target: z.string() }),
    output: CandidatesAnswer.nullable(),
  },
  /** Sets values at dotted paths, keeping comments and layout. */
  'config.patch': {
    input: z.object({ yaml: z.string(), patch: z.record(z.string(), z.unknown()) }),
    output: z.object({ yaml: z.string() }),
  },
  'config.estimators': { input: none, output: z.array(EstimatorSpec) },
  'config.files': {
    input: ofProject,
    output: z.array(z.object({ name: z.string(), yaml: z.string(), updatedAt: z.string() })),
  },
  'config.save': { input: z.object({ projectId: Id, name: z.string().min(1), yaml: z.string() }), output: none },
  'config.removeFile': { input: z.object({ projectId: Id, name: z.string() }), output: none },

  'run.start': { input: z.object({ projectId: Id, yaml: z.string() }), output: z.object({ runId: Id, jobId: Id }) },
  'run.list': { input: ofProject.extend({ isTrashed: z.boolean().default(false) }), output: z.array(RunSummary) },
  'run.get': { input: ofRun, output: RunDetail },
  'run.series': { input: ofRun, output: z.array(SeriesPoint) },
  'run.tag': { input: ofRun.extend({ tags: z.array(z.string().min(1).max(40)) }), output: none },
  'run.note': { input: ofRun.extend({ note: z.string() }), output: none },
  'run.rename': { input: ofRun.extend({ name: z.string().min(1) }), output: none },
  'run.trash': { input: ofRun, output: none },
  'run.restore': { input: ofRun, output: none },
  'run.erase': { input: ofRun, output: none },
  'run.export': {
    input: ofRun.extend({
      path: z.string().optional(),
      /** The one fitted again on training and validation rows where there is one, else that of all training rows. */
      rows: z.enum(['coreset', 'full', 'final']).optional(),
      threshold: Threshold.optional(),
    }),
    /** The file is at `path` when the job is done; the token fetches it, null where the path was given. */
    output: z.object({ jobId: Id, path: z.string(), downloadToken: z.string().nullable() }),
  },
  'run.predict': {
    input: ofRun.extend({
      file: FileRef,
      path: z.string().optional(),
      /** The one fitted again on training and validation rows where there is one, else that of all training rows. */
      rows: z.enum(['coreset', 'full', 'final']).optional(),
      threshold: Threshold.optional(),
    }),
    /** The token fetches the file when the job is done; null where it was written to `path`. */
    output: z.object({ jobId: Id, downloadToken: z.string().nullable() }),
  },
  /** Scores the run's models on its test rows, once: `jobId` is null where they were opened before. */
  'run.openTest': { input: ofRun, output: z.object({ jobId: Id.nullable() }) },
  /** Importance, SHAP, PDP, tree drawing …: one job kind, many questions; the answer is an artefact. */
  'run.explain': {
    input: ofRun.extend({ question: z.string(), args: z.record(z.string(), z.unknown()).default({}) }),
    output: z.object({ jobId: Id }),
  },
  'run.explanation': {
    input: ofRun.extend({ question: z.string(), args: z.record(z.string(), z.unknown()).default({}) }),
    output: z.unknown(),
  },

  'job.list': { input: z.object({ projectId: Id.optional() }), output: z.array(Job) },
  'job.cancel': { input: ofJob, output: none },
  'job.resume': { input: ofJob, output: z.object({ jobId: Id }) },
  'job.log': { input: ofJob, output: z.array(LogLine) },
  'job.clearFinished': { input: ofProject, output: none },

  'coreset.list': { input: ofProject, output: z.array(CoresetSummary) },
  'coreset.build': {
    input: ofVersion.extend({
      name: z.string().optional(),
      service: z.string().default('auto'),
      target: z.string().optional(),
      drop: z.array(z.string()).default([]),
      size: z.number().positive(),
      chunkSize: z.number().int().positive().optional(),
      seed: z.number().int().nonnegative().default(42),
      classSize: z.record(z.string(), z.union([z.number().int().nonnegative(), z.literal('all')])).optional(),
      /** Rows follow each other by this column, so that the oldest can be dropped. */
      timeColumn: z.string().optional(),
    }),
    output: z.object({ jobId: Id }),
  },
  /** Several settings in the same passes over the data; each becomes a coreset. */
  'coreset.compare': {
    input: ofVersion.extend({
      name: z.string().optional(),
      service: z.string().default('auto'),
      target: z.string().optional(),
      drop: z.array(z.string()).default([]),
      seed: z.number().int().nonnegative().default(42),
      settings: z.array(CoresetSetting).min(2).max(12),
    }),
    output: z.object({ jobId: Id, comparisonId: Id }),
  },
  'coreset.comparison': { input: ofProject.extend({ comparisonId: Id }), output: z.array(ComparedCoreset) },
  'coreset.info': { input: ofCoreset, output: CoresetInfo },
  'coreset.get': {
    input: ofCoreset.extend({
      level: z.number().int().nonnegative().default(0),
      offset: z.number().int().nonnegative().default(0),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    output: CoresetRows,
  },
  'coreset.fidelity': { input: ofCoreset, output: FidelityCurve.nullable() },
  'coreset.measureFidelity': {
    input: ofCoreset.extend({
      sizes: z.array(z.number().int().positive()).optional(),
      nDraws: z.number().int().min(1).max(50).default(5),
      /** Estimator to fit; the one its service is for when left out. */
      model: z.string().optional(),
    }),
    output: z.object({ jobId: Id }),
  },
  'coreset.important': {
    input: ofCoreset.extend({
      size: z.number().int().positive().default(50),
      classSize: z.record(z.string(), z.union([z.number().int().nonnegative(), z.literal('all')])).optional(),
      from: z.array(z.number()).optional(),
      ignore: z.array(z.number()).optional(),
      isUnseenOnly: z.boolean().default(false),
    }),
    output: z.object({ columns: z.array(z.string()), samples: z.array(ImportantSample) }),
  },
  'coreset.markSeen': { input: ofCoreset.extend({ rowIds: z.array(z.number()) }), output: none },
  'coreset.update': {
    input: ofCoreset.extend({
      targets: z.record(z.string(), Cell).optional(),
      features: z.record(z.string(), z.record(z.string(), Cell)).optional(),
      recalc: z.enum(['none', 'path', 'all']).default('path'),
    }),
    output: CoresetInfo,
  },
  'coreset.removeSamples': {
    input: ofCoreset.extend({
      rowIds: z.array(z.number()).optional(),
      filters: z.array(Filter).optional(),
      recalc: z.enum(['none', 'path', 'all']).default('path'),
    }),
    output: CoresetInfo,
  },
  /** Rows of another version, or of one newly imported, behind those the tree has. */
  'coreset.append': { input: ofCoreset.extend({ versionId: Id }), output: z.object({ jobId: Id }) },
  /** Drops the oldest rows: those before `from`, or all but the newest `keep` seconds (or units) of the time column. */
  'coreset.window': {
    input: ofCoreset.extend({
      from: z.union([z.number(), z.string()]).optional(),
      keep: z.number().positive().optional(),
    }),
    output: CoresetInfo,
  },
  /** More rows in the root, drawn where the model is unsure. */
  'coreset.grow': { input: ofCoreset.extend({ nRows: z.number().int().positive() }), output: CoresetInfo },
  'coreset.represents': {
    input: ofCoreset.extend({
      rowId: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(1000).default(50),
    }),
    output: CoresetRepresents,
  },
  'coreset.edits': { input: ofCoreset, output: z.array(CoresetEdit) },
  'coreset.undo': { input: ofCoreset, output: CoresetInfo },
  'coreset.erase': { input: ofCoreset, output: none },
} as const;

export type Channel = keyof typeof channels;
export type In<C extends Channel> = z.input<(typeof channels)[C]['input']>;
export type Parsed<C extends Channel> = z.output<(typeof channels)[C]['input']>;
export type Out<C extends Channel> = z.output<(typeof channels)[C]['output']>;
export const ChannelName = z.enum(Object.keys(channels) as [Channel, ...Channel[]]);

/** What the engine tells without being asked. */
export const EngineEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: Job }),
  z.object({ type: z.literal('jobLog'), projectId: Id, jobId: Id, lines: z.array(LogLine) }),
  z.object({ type: z.literal('series'), projectId: Id, runId: Id, points: z.array(SeriesPoint) }),
  /** Of a run that goes on; those of a finished one are in its result. */
  z.object({ type: z.literal('finding'), projectId: Id, runId: Id, finding: RunFinding }),
  z.object({
    type: z.literal('changed'),
    projectId: Id,
    what: z.enum(['project', 'data', 'runs', 'coresets', 'configs']),
  }),
]);
export type EngineEvent = z.infer<typeof EngineEvent>;
