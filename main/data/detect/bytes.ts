import { open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../contract/errors.ts';

/** The first bytes of a file, unpacked when it is gzip. */
export async function readHead(file: string, nBytes: number): Promise<Buffer> {
  if (!/\.gz$/i.test(file)) {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(nBytes), 0, nBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of createReadStream(file).pipe(createGunzip())) {
      parts.push(part as Buffer);
      length += (part as Buffer).length;
      if (length >= nBytes) break;
    }
  } catch (cause) {
    throw new AppError({ code: 'FILE_DAMAGED', message: 'This file ends in .gz but is not a whole gzip file.', cause });
  }
  return Buffer.concat(parts).subarray(0, nBytes);
}

export interface EncodingFound {
  readonly encoding: 'utf-8' | 'utf-16' | 'latin-1';
  readonly isBigEndian: boolean;
  readonly hasBom: boolean;
  readonly evidence: string;
  readonly isSure: boolean;
}

/** Encoding of a text by its byte order mark, its zero bytes, or whether it is valid UTF-8. */
export function detectEncoding(head: Buffer): EncodingFound {
  const found = (
    encoding: EncodingFound['encoding'],
    evidence: string,
    more: Partial<EncodingFound> = {},
  ): EncodingFound => ({
    encoding,
    evidence,
    isSure: true,
    hasBom: false,
    isBigEndian: false,
    ...more,
  });
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return found('utf-8', 'starts with the UTF-8 mark', { hasBom: true });
  if (head[0] === 0xff && head[1] === 0xfe) return found('utf-16', 'starts with the UTF-16 mark', { hasBom: true });
  if (head[0] === 0xfe && head[1] === 0xff)
    return found('utf-16', 'starts with the UTF-16 mark', { hasBom: true, isBigEndian: true });
  const zeros = countZeros(head);
  if (zeros.odd > head.length / 5 && zeros.even < head.length / 50)
    return found('utf-16', 'every second byte is zero', { isSure: false });
  if (zeros.even > head.length / 5 && zeros.odd < head.length / 50) {
    return found('utf-16', 'every second byte is zero', { isSure: false, isBigEndian: true });
  }
  if (isUtf8(head)) return found('utf-8', 'all bytes are valid UTF-8');
  return found('latin-1', 'has bytes that are not valid UTF-8', { isSure: false });
}

function countZeros(bytes: Buffer): { odd: number; even: number } {
  let odd = 0;
  let even = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0) continue;
    if (i % 2) odd++;
    else even++;
  }
  return { odd, even };
}

/** The last character may be cut in two by the end of the sample. */
function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Throws FILE_BINARY for what is no text in any encoding we read. */
export function refuseBinary(head: Buffer, encoding: EncodingFound): void {
  const isZip = head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004';
  if (isZip && (head.includes('xl/') || head.includes('[Content_Types].xml'))) {
    throw new AppError({
      code: 'FILE_IS_WORKBOOK',
      message: 'This is an Excel workbook, which Pith does not read.',
      fix: { kind: 'chooseFile', label: 'Save the sheet as CSV (UTF-8) in Excel and choose that file' },
    });
  }
  if (encoding.encoding === 'utf-16') return;
  let control = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control++;
  if (control <= head.length / 200) return;
  throw new AppError({
    code: 'FILE_BINARY',
    message: 'This is not a text file: it holds binary data.',
    fix: { kind: 'chooseFile', label: 'Choose a CSV, TSV, JSON or Parquet file' },
  });
}

export function decoderOf({ encoding, isBigEndian }: EncodingFound): InstanceType<typeof TextDecoder> {
  if (encoding === 'utf-16') return new TextDecoder(isBigEndian ? 'utf-16be' : 'utf-16le');
  // What calls itself Latin-1 is nearly always Windows-1252, which has all of it and more.
  return new TextDecoder(encoding === 'latin-1' ? 'windows-1252' : 'utf-8');
}
