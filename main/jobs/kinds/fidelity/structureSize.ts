import { KMeansPilot } from '../../../coreset/services/kmeans/pilot.ts';
import { PcaPilot } from '../../../coreset/services/pca/pilot.ts';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';

/** Clusters or components a tree was built for; null where there are none. */
export function structureSize({ drawPilot, nFeatures }: CoresetTree): number | null {
  if (drawPilot instanceof KMeansPilot) return drawPilot.centres.length / Math.max(1, nFeatures);
  return drawPilot instanceof PcaPilot ? drawPilot.subspace.k : null;
}
