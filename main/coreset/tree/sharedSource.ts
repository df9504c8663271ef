import type { Chunk, RowSource } from '../rows.ts';

/**
 * One source read by several builds in step: a pass begins when every build that still goes on has asked for it, and each
 * chunk is read once and handed to all. A build that needs fewer passes leaves with `leave`.
 */
export class SharedSource {
  private readonly source: RowSource;
  private nReaders: number;
  private waiting: ((pass: Pass) => void)[] = [];

  constructor(source: RowSource, nReaders: number) {
    this.source = source;
    this.nReaders = nReaders;
  }

  /** The source as one of the readers sees it. */
  reader(): RowSource {
    const { source } = this;
    const join = () => new Promise<Pass>((resolve) => this.arrive(resolve));
    return {
      ...source,
      async *chunks() {
        const pass = await join();
        try {
          for (;;) {
            const chunk = await pass.next();
            if (!chunk) return;
            yield chunk;
          }
        } finally {
          pass.leave();
        }
      },
    };
  }

  /** One build is done, or has failed. */
  leave(): void {
    this.nReaders--;
    this.begin();
  }

  private arrive(resolve: (pass: Pass) => void): void {
    this.waiting.push(resolve);
    this.begin();
  }

  private begin(): void {
    if (this.waiting.length === 0 || this.waiting.length < this.nReaders) return;
    const pass = new Pass(this.source.chunks(), this.waiting.length);
    for (const resolve of this.waiting.splice(0)) resolve(pass);
  }
}

/** Hands each chunk to every reader before the next is read: one chunk is in memory. */
class Pass {
  private readonly chunks: AsyncIterator<Chunk>;
  private nReaders: number;
  private asking: { resolve: (chunk: Chunk | null) => void; reject: (cause: unknown) => void }[] = [];

  constructor(chunks: AsyncIterable<Chunk>, nReaders: number) {
    this.chunks = chunks[Symbol.asyncIterator]();
    this.nReaders = nReaders;
  }

  next(): Promise<Chunk | null> {
    return new Promise((resolve, reject) => {
      this.asking.push({ resolve, reject });
      this.advance();
    });
  }

  leave(): void {
    this.nReaders--;
    if (this.nReaders === 0) void this.chunks.return?.();
    else this.advance();
  }

  private advance(): void {
    if (this.asking.length === 0 || this.asking.length < this.nReaders) return;
    const all = this.asking.splice(0);
    this.chunks.next().then(
      ({ value, done }) => all.forEach(({ resolve }) => resolve(done ? null : (value as Chunk))),
      (cause: unknown) => all.forEach(({ reject }) => reject(cause)),
    );
  }
}
