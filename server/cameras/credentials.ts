import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../platform/errors.ts';

export interface CameraCredentials {
  username: string;
  password: string;
}

export interface CredentialVault {
  /** Sealed with AES-256-GCM; the camera's id is bound in, so that a row copied to another camera does not open. */
  seal(cameraId: string, credentials: CameraCredentials): string;
  /** Errors: `credentials_unreadable` for another key, another camera or changed bytes. */
  open(cameraId: string, sealed: string): CameraCredentials;
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Opens the vault whose key stands in `keyFile` (mode 0600), and makes the key at the first start. It belongs neither into the data
 * directory's backups nor anywhere else. Errors: `credential_key_unsafe` when others may read the file, `credential_key_invalid`.
 */
export function openCredentialVault(keyFile: string): CredentialVault {
  const key = readKey(keyFile);
  // Names the key without telling it, so that a mix-up is told from damage.
  const keyId = createHash('sha256').update('key id').update(key).digest('base64url').slice(0, 8);
  return {
    seal(cameraId, { username, password }) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(cameraId, 'utf8'));
      const text = Buffer.concat([cipher.update(JSON.stringify([username, password]), 'utf8'), cipher.final()]);
      return `v1.${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open(cameraId, sealed) {
      const [version, usedKey, body = ''] = sealed.split('.');
      if (version !== 'v1' || usedKey !== keyId) throw unreadable('other_key');
      try {
        const bytes = Buffer.from(body, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(cameraId, 'utf8'));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
        const [username, password] = JSON.parse(text.toString('utf8')) as [string, string];
        return { username, password };
      } catch {
        throw unreadable('changed');
      }
    },
  };
}

function unreadable(reason: string): AppError {
  return new AppError('internal', 'credentials_unreadable', { params: { reason } });
}

function readKey(path: string): Buffer {
  makeKeyOnce(path);
  // Windows has no such modes; there the directory's rights have to do.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new AppError('unavailable', 'credential_key_unsafe', { retry: false, params: { path } });
  }
  const key = readFileSync(path);
  if (key.length !== keyBytes)
    throw new AppError('unavailable', 'credential_key_invalid', { retry: false, params: { path } });
  return key;
}

/** A key appears whole or not at all, and never in the place of another one. */
function makeKeyOnce(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  if (statSync(path, { throwIfNoEntry: false })) return;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, randomBytes(keyBytes));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    chmodSync(draft, 0o600);
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
