import type { JobKindHandler } from '../../handlers.ts';
import { drawAppend } from './append.ts';
import { buildOne } from './build.ts';
import { buildCompared } from './compare.ts';
import type { CoresetInput, CoresetOutcome } from './input.ts';

/** Passes over a data version: a new tree, several at once, or leaves for a tree there is. */
export const work: JobKindHandler<CoresetInput, CoresetOutcome> = {
  kind: 'coreset',
  work(input, context) {
    if (input.what === 'append') return drawAppend(input, context);
    return input.what === 'compare' ? buildCompared(input, context) : buildOne(input, context);
  },
};
