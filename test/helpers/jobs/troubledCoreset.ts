import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobKindHandler } from '../../../main/jobs/handlers.ts';
import type { CoresetInput, CoresetOutcome } from '../../../main/jobs/kinds/coreset/input.ts';
import { work as real } from '../../../main/jobs/kinds/coreset/work.ts';

/** Jobs of this seed, or that append data of this name, meet a full disk; data named `damaged` a tree file of broken bytes. */
export const FULL = { seed: 4040, name: 'full', damaged: 'damaged' };

/** Writing to this device fails as a full disk does. */
const DEVICE = '/dev/full';

/** The real job, on a disk that has no room for what it writes, or with a tree file whose bytes went wrong. */
export const work: JobKindHandler<CoresetInput, CoresetOutcome> = {
  kind: 'coreset',
  work(input, context) {
    const fill = (name: string) => symlinkSync(DEVICE, join(context.stagingDir, name));
    if (input.what === 'append') {
      if (input.title === FULL.name) fill('leaves.pith');
      if (input.title !== FULL.damaged) return real.work(input, context);
      const bytes = readFileSync(input.treeFile);
      bytes[bytes.length - 100]! ^= 0xff;
      const treeFile = join(context.stagingDir, 'damaged.pith');
      writeFileSync(treeFile, bytes);
      return real.work({ ...input, treeFile }, context);
    }
    // The first of two is written, the second finds no room.
    if (input.seed === FULL.seed) fill(input.what === 'build' ? 'tree.pith' : 'tree-1.pith');
    return real.work(input, context);
  },
};
