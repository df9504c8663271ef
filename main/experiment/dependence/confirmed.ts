const SEED = 1;

/** What raises an alarm has to do so again with other folds and forests: few trees and folds vary. */
export async function confirmed<T extends { readonly isAlarm: boolean }>(
  look: (seed: number) => Promise<T | null>,
): Promise<T | null> {
  const first = await look(SEED);
  return first?.isAlarm ? look(SEED + 1) : first;
}
