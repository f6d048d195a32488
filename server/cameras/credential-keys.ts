import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';

export const keyBytes = 32;

export interface CredentialKey {
  bytes: Buffer;
  /** Names the key without telling it, so that a mix-up is told from damage. */
  id: string;
}

/** A change of the key has two beside the one in use, until it is through. */
export const nextKey = (keyFile: string) => `${keyFile}.next`;
export const previousKey = (keyFile: string) => `${keyFile}.previous`;

/** The key in use, made where there is none, and those of a change that was broken off. Errors: `credential_key_unsafe`, `credential_key_invalid`. */
export function readKeys(keyFile: string): [CredentialKey, ...CredentialKey[]] {
  makeKeyOnce(keyFile);
  const others = [nextKey(keyFile), previousKey(keyFile)].filter(exists);
  return [readKey(keyFile), ...others.map(readKey)];
}

export function readKey(path: string): CredentialKey {
  // Windows has no such modes; there the directory's rights have to do.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new AppError('unavailable', 'credential_key_unsafe', { retry: false, params: { path } });
  }
  const bytes = readFileSync(path);
  if (bytes.length !== keyBytes)
    throw new AppError('unavailable', 'credential_key_invalid', { retry: false, params: { path } });
  return { bytes, id: createHash('sha256').update('key id').update(bytes).digest('base64url').slice(0, 8) };
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A key appears whole or not at all, and never in the place of another one. */
export function makeKeyOnce(path: string, bytes: Uint8Array = randomBytes(keyBytes)): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  if (exists(path)) return;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    chmodSync(draft, 0o600);
    linkSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Keeps the key in use under its other name, so that it is there whatever happens next. */
export function keepAsPrevious(keyFile: string): void {
  rmSync(previousKey(keyFile), { force: true });
  linkSync(keyFile, previousKey(keyFile));
  syncFolder(dirname(keyFile));
}

export function putInUse(keyFile: string): void {
  renameSync(nextKey(keyFile), keyFile);
  syncFolder(dirname(keyFile));
}

export function forgetPrevious(keyFile: string): void {
  rmSync(previousKey(keyFile), { force: true });
  syncFolder(dirname(keyFile));
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Where the key is: at the place that is set; where none is, in a folder beside the data directory, so that a copy of the data is no copy of
 * the key; with `data`, and where that folder cannot be made, in the data directory. A key that is still there moves to its place.
 */
export function settleKeyFile(setting: string, dataDir: string, log: Pick<Logger, 'info' | 'warn'>): string {
  const inside = join(dataDir, 'secrets', 'camera-credentials.key');
  if (setting === 'data') return inside;
  const place = setting === '' ? join(`${dataDir}-keys`, 'camera-credentials.key') : setting;
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    move(inside, place, log);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (setting !== '' || !['EACCES', 'EPERM', 'EROFS'].includes(code)) throw error;
    log.warn(
      { path: dirname(place) },
      'the key of the cameras’ credentials stays in the data directory: no folder can be made beside it',
    );
    return inside;
  }
  return place;
}

function move(from: string, to: string, log: Pick<Logger, 'info' | 'warn'>): void {
  if (from === to || !exists(from)) return;
  const { bytes, id } = readKey(from);
  // Those of a change that was broken off go first: until the key itself is there, the old place counts.
  for (const other of [nextKey, previousKey])
    if (exists(other(from))) makeKeyOnce(other(to), readKey(other(from)).bytes);
  makeKeyOnce(to, bytes);
  if (readKey(to).id !== id) {
    log.warn({ path: from }, 'a second key of the cameras’ credentials lies in the data directory; it is not used');
    return;
  }
  for (const path of [from, nextKey(from), previousKey(from)]) rmSync(path, { force: true });
  log.info({ from, to }, 'the key of the cameras’ credentials was moved out of the data directory');
}
