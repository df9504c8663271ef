import path from 'node:path';
import type { RunConfig } from '../../contract/config.ts';
import type { Finding } from '../../contract/data.ts';
import type { TargetAnalysis } from '../../data/targets.ts';
import { writeColumns } from '../../data/writeColumns.ts';
import { adviceOn } from './advice.ts';
import { effectOf } from './effect.ts';
import { findDependence } from './find.ts';

/** Rows that depend on each other, as findings with the split that is honest and what it does to the classes. */
export async function dependenceFindings(file: string, target: string, analysis: TargetAnalysis): Promise<Finding[]> {
  const isRegression = analysis.task === 'regression';
  const advice = adviceOn(await findDependence(file, { name: target, isRegression }), isRegression);
  const findings: Finding[] = [];
  for (const { finding, split } of advice) {
    const effect = split && (await effectOf(file, target, analysis, split));
    const detail = effect?.text ? `${finding.detail} ${effect.text}` : finding.detail;
    // A split that a run would refuse is told, not offered.
    findings.push({ ...finding, detail, ...(effect?.isRefused && { patch: null, action: null }) });
  }
  return findings;
}

/**
 * The same for a run: warnings when its split is at random and flatters, with the split to write instead. Its test rows
 * are not looked at; `folder` is where they are noted for that.
 */
export async function splitWarnings(
  file: string,
  config: RunConfig,
  analysis: TargetAnalysis,
  test: Uint32Array = new Uint32Array(),
  folder = '',
): Promise<string[]> {
  const { split: base, data } = config;
  if (base.time !== undefined || base.group !== undefined) return [];
  const isRegression = analysis.task === 'regression';
  const found = await findDependence(file, { name: data.target, isRegression }, data.drop, await noted(test, folder));
  const warnings: string[] = [];
  for (const { finding, split } of adviceOn(found, isRegression)) {
    const effect = split && (await effectOf(file, data.target, analysis, split, base));
    const how = split && !effect?.isRefused ? ` To do so, write split: ${JSON.stringify(split)}.` : '';
    warnings.push(`${finding.title}. ${finding.detail}${how}${effect?.text ? ` ${effect.text}` : ''}`);
  }
  return warnings;
}

async function noted(test: Uint32Array, folder: string): Promise<string | null> {
  if (test.length === 0) return null;
  const file = path.join(folder, 'locked.parquet');
  await writeColumns([{ name: 'row', kind: 'whole', values: test }], { pith: 'test rows' }, file);
  return file;
}
