import { z } from 'zod';
import { Id, Timestamp } from './json.ts';

export const Project = z.object({
  id: Id,
  name: z.string(),
  /** Folder on disk. */
  path: z.string(),
  isReadOnly: z.boolean(),
  /** Why it is read-only: another studio has it open, or the folder cannot be written. */
  readOnlyReason: z.string().nullable(),
  /** What opening found and did, e.g. a damaged database kept aside. */
  notices: z.array(z.string()),
});
export type Project = z.infer<typeof Project>;

export const RecentProject = z.object({
  path: z.string(),
  name: z.string(),
  openedAt: Timestamp,
  exists: z.boolean(),
  nRows: z.number().nullable(),
  nColumns: z.number().nullable(),
  target: z.string().nullable(),
  metric: z.object({ name: z.string(), values: z.array(z.number()) }).nullable(),
  nRunningJobs: z.number(),
});
export type RecentProject = z.infer<typeof RecentProject>;

export const Sample = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  nRows: z.number(),
  nColumns: z.number(),
  bytes: z.number(),
});
export type Sample = z.infer<typeof Sample>;

export const AppInfo = z.object({
  version: z.string(),
  nodeVersion: z.string(),
  platform: z.string(),
  nCores: z.number(),
  memoryBytes: z.number(),
  memoryFreeBytes: z.number(),
  /** ONNX Runtime execution providers this machine has; CPU is always one. */
  executionProviders: z.array(z.string()),
  engines: z.record(z.string(), z.string()),
});
export type AppInfo = z.infer<typeof AppInfo>;
