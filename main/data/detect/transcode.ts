import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { decoderOf, type EncodingFound } from './bytes.ts';

/** Copies a text file as UTF-8 to `to`, piece by piece. */
export async function transcode(
  from: string,
  to: string,
  encoding: EncodingFound,
  signal?: AbortSignal,
): Promise<void> {
  const decoder = decoderOf(encoding);
  const decode = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  const source = createReadStream(from, { highWaterMark: 1 << 20 });
  const target = createWriteStream(to);
  const options = signal ? { signal } : {};
  if (/\.gz$/i.test(from)) await pipeline(source, createGunzip(), decode, target, options);
  else await pipeline(source, decode, target, options);
}
