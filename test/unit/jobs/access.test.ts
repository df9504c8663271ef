import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileAccess } from '../../../main/jobs/access.ts';
import { fileNameOf, Home } from '../../../main/jobs/home.ts';
import { tempDir } from '../../helpers/tempDir.ts';

function setUp() {
  const dir = tempDir();
  for (const folder of ['home', 'opened', 'secret']) mkdirSync(join(dir, folder));
  for (const file of ['opened/a.csv', 'secret/key', 'single.csv', 'single.csv.key'])
    writeFileSync(join(dir, file), 'x');
  const access = new FileAccess(new Home(join(dir, 'home')), { isTrusting: false, offersDownloads: true });
  access.allow(join(dir, 'opened'));
  access.allow(join(dir, 'single.csv'));
  return { dir, access, resolve: (name: string) => access.resolve({ kind: 'path', path: join(dir, name) }) };
}

test.each(['opened/a.csv', 'opened/../opened/a.csv', 'single.csv'])(
  'what the person opened may be read: %s',
  (name) => {
    expect(setUp().resolve(name)).toMatch(/\.csv$/);
  },
);

test.each(['secret/key', 'opened/../secret/key', 'single.csv.key', 'opened/../../etc/passwd'])(
  'other files may not: %s',
  (name) => {
    expect(() => setUp().resolve(name)).toThrow(expect.objectContaining({ code: 'FILE_NOT_ALLOWED' }));
  },
);

test('a link in an opened folder leads nowhere else', () => {
  const { dir, resolve } = setUp();
  symlinkSync(join(dir, 'secret'), join(dir, 'opened', 'link'));
  expect(() => resolve('opened/link/key')).toThrow(expect.objectContaining({ code: 'FILE_NOT_ALLOWED' }));
});

test('missing files and folders are told apart', () => {
  const { resolve } = setUp();
  expect(() => resolve('opened/none.csv')).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
  expect(() => resolve('opened')).toThrow(expect.objectContaining({ code: 'NOT_A_FILE' }));
});

test('uploads are known by their token only; downloads are given once', () => {
  const { dir, access } = setUp();
  const token = access.addUpload(join(dir, 'secret', 'key'));
  expect(access.resolve({ kind: 'upload', token })).toBe(join(dir, 'secret', 'key'));
  expect(() => access.resolve({ kind: 'upload', token: 'guess' })).toThrow(
    expect.objectContaining({ code: 'UPLOAD_NOT_FOUND' }),
  );
  const offered = access.offerDownload('/some/file')!;
  expect(access.takeDownload(offered)).toBe('/some/file');
  expect(access.takeDownload(offered)).toBeUndefined();
});

test('outputs go to places the person chose, else to a fresh one', () => {
  const { dir, access } = setUp();
  expect(access.resolveOutput(join(dir, 'opened', 'out.csv'), 'x')).toBe(join(dir, 'opened', 'out.csv'));
  expect(() => access.resolveOutput(join(dir, 'out.csv'), 'x')).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_ALLOWED' }),
  );
  const [a, b] = [access.resolveOutput(undefined, 'm.onnx'), access.resolveOutput(undefined, 'm.onnx')];
  expect(a).not.toBe(b);
  expect(a).toContain(join(dir, 'home', 'outbox'));
});

test.each([
  ['flights', 'flights'],
  ['../../etc/passwd', '__.._etc_passwd'],
  ['a/b\\c:d*e?"<>|', 'a_b_c_d_e_____'],
  ['...', '_'],
  ['name. ', 'name'],
  ['', 'untitled'],
  ['a\u0000b\n', 'a_b_'],
  ['x'.repeat(300), 'x'.repeat(120)],
])('as a file name %j is %j', (name, want) => {
  expect(fileNameOf(name)).toBe(want);
});
