import type { Chunk, RowSource } from '../rows.ts';

/** A source that is read once; its chunks, of the size asked for first, stay in memory. */
export function keptSource(source: RowSource): RowSource {
  let kept: readonly Chunk[] | undefined;
  return {
    ...source,
    byId: undefined,
    async *chunks(size) {
      if (!kept) {
        const read: Chunk[] = [];
        for await (const chunk of source.chunks(size))
          read.push({ ...chunk, X: { ...chunk.X, data: chunk.X.data.slice() } });
        kept = read;
      }
      yield* kept;
    },
  };
}
