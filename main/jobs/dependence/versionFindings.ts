import type { ColumnProfile, Finding } from '../../contract/data.ts';
import { bySeverity, findFindings } from '../../data/findings.ts';
import { askDependence } from './ask.ts';

/** What a person should know about a version before training on it, most serious first. */
export async function versionFindings(
  file: string,
  profile: readonly ColumnProfile[],
  target: string | undefined,
): Promise<Finding[]> {
  const [about, dependent] = await Promise.all([
    findFindings(file, profile, target),
    target === undefined ? [] : askDependence({ file, target }),
  ]);
  return bySeverity([...about, ...dependent]);
}
