import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../platform/errors.ts';
import { type CredentialKey, readKeys } from './credential-keys.ts';

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

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Opens the vault whose key stands in `keyFile` (mode 0600), and makes the key at the first start. It belongs neither into the data
 * directory's backups nor anywhere else. After a change of the key that was broken off, what is sealed with either key opens.
 * Errors: `credential_key_unsafe` when others may read the file, `credential_key_invalid`.
 */
export function openCredentialVault(keyFile: string): CredentialVault {
  return vaultOf(readKeys(keyFile));
}

/** Seals with the first key, and opens what was sealed with any. */
export function vaultOf(keys: readonly [CredentialKey, ...CredentialKey[]]): CredentialVault {
  const [inUse] = keys;
  return {
    seal(cameraId, { username, password }) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', inUse.bytes, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(cameraId, 'utf8'));
      const text = Buffer.concat([cipher.update(JSON.stringify([username, password]), 'utf8'), cipher.final()]);
      return `v1.${inUse.id}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open(cameraId, sealed) {
      const [version, usedKey, body = ''] = sealed.split('.');
      const key = keys.find(({ id }) => id === usedKey);
      if (version !== 'v1' || !key) throw unreadable('other_key');
      try {
        const bytes = Buffer.from(body, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, nonceBytes), {
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
