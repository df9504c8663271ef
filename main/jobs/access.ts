import { randomBytes } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { FileRef } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { asKnownFailure } from '../store/failures.ts';
import type { Home } from './home.ts';

export interface AccessOptions {
  /** The command line: the person typed every path there is. */
  readonly isTrusting: boolean;
  /** The browser: it has no paths, it uploads and downloads. */
  readonly offersDownloads: boolean;
}

/** Which files and folders a client may name: those the person opened, dropped, chose or uploaded. */
export class FileAccess {
  private readonly home: Home;
  private readonly options: AccessOptions;
  private readonly allowed = new Set<string>();
  private readonly uploads = new Map<string, string>();
  private readonly downloads = new Map<string, string>();

  constructor(home: Home, options: AccessOptions) {
    this.home = home;
    this.options = options;
  }

  /** The person opened this file or folder; a folder stands for what is in it. */
  allow(path: string): void {
    this.allowed.add(realPath(path));
  }

  /** Registers an uploaded file; the token stands for it in `FileRef`. */
  addUpload(path: string): string {
    const token = randomBytes(18).toString('base64url');
    this.uploads.set(token, path);
    return token;
  }

  isAllowed(path: string): boolean {
    if (this.options.isTrusting) return true;
    const real = realPath(path);
    for (const root of this.allowed) if (real === root || isInside(root, real)) return true;
    return isInside(realPath(this.home.path), real);
  }

  /** Throws AppError FILE_NOT_ALLOWED. */
  check(path: string): void {
    if (this.isAllowed(path)) return;
    throw new AppError({
      code: 'FILE_NOT_ALLOWED',
      message: `"${path}" was not opened in this studio.`,
      fix: { kind: 'chooseFile', label: 'Open or drop the file first' },
    });
  }

  /** Absolute path of an existing file; throws AppError FILE_NOT_ALLOWED, FILE_NOT_FOUND, NOT_A_FILE, NO_PERMISSION. */
  resolve(ref: FileRef): string {
    const path = ref.kind === 'upload' ? this.uploads.get(ref.token) : resolve(ref.path);
    if (path === undefined) {
      throw new AppError({
        code: 'UPLOAD_NOT_FOUND',
        message: 'This upload is gone.',
        fix: { kind: 'chooseFile', label: 'Drop the file again' },
      });
    }
    if (ref.kind === 'path') this.check(path);
    try {
      if (statSync(path).isFile()) return path;
    } catch (cause) {
      throw asKnownFailure(cause);
    }
    throw new AppError({
      code: 'NOT_A_FILE',
      message: `"${path}" is a folder, not a file.`,
      fix: { kind: 'chooseFile', label: 'Choose a file' },
    });
  }

  resolveOutput(path: string | undefined, name: string): string {
    if (path === undefined) return this.home.freshFile('outbox', name);
    this.check(path);
    return resolve(path);
  }

  offerDownload(path: string): string | null {
    if (!this.options.offersDownloads) return null;
    const token = randomBytes(18).toString('base64url');
    this.downloads.set(token, path);
    return token;
  }

  /** The file behind a one-time token; the token is gone after that. */
  takeDownload(token: string): string | undefined {
    const path = this.downloads.get(token);
    this.downloads.delete(token);
    return path;
  }
}

/** With links resolved as far as the path exists, so that a link inside an allowed folder leads nowhere else. */
function realPath(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    const parent = dirname(full);
    return parent === full ? full : join(realPath(parent), relative(parent, full));
  }
}

function isInside(root: string, path: string): boolean {
  const rest = relative(root, path);
  return rest !== '' && !rest.startsWith('..') && !isAbsolute(rest);
}
