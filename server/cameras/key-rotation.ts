import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { type DatabasePlace, databasePlace, openDatabase } from '../storage/database.ts';
import { SealedStore } from '../storage/sealed.store.ts';
import {
  exists,
  forgetPrevious,
  keepAsPrevious,
  makeKeyOnce,
  nextKey,
  previousKey,
  putInUse,
  readKey,
  readKeys,
} from './credential-keys.ts';
import { vaultOf } from './credentials.ts';

export type RotationStep = 'key_written' | 'rows_sealed' | 'key_kept' | 'key_replaced';

export interface Rotation {
  /** How many secrets are sealed with the new key. */
  sealed: number;
  /** How many no key opens; they stay as they are. */
  unreadable: number;
  /** An earlier change had been broken off, and was brought to its end. */
  resumed: boolean;
}

export interface RotationOptions {
  keyFile: string;
  place: DatabasePlace;
  log: Logger;
  /** Told after each step. */
  onStep?: (step: RotationStep) => void;
}

/**
 * Puts a new key in the place of the old one. Every step leaves both keys on the disk until all that is sealed opens with the new one, so
 * that it may be broken off anywhere: the server starts with what there is, and the next call goes on where this one ended. No server may run,
 * since it would go on sealing with the old key.
 */
export async function rotateCredentialKey(options: RotationOptions): Promise<Rotation> {
  const { keyFile, place, log, onStep = () => {} } = options;
  // Made where there is none, so that there is something to replace.
  readKeys(keyFile);
  const isReplaced = !exists(nextKey(keyFile)) && exists(previousKey(keyFile));
  const resumed = isReplaced || exists(nextKey(keyFile));
  if (!resumed) makeKeyOnce(nextKey(keyFile));
  onStep('key_written');

  const [inUse, ...others] = readKeys(keyFile);
  const target = isReplaced ? inUse : readKey(nextKey(keyFile));
  const vault = vaultOf([target, inUse, ...others]);
  const database = await openDatabase({ ...place, log });
  let [sealed, unreadable] = [0, 0];
  try {
    await new SealedStore(database.kysely).resealAll(({ name, sealed: before }) => {
      if (before.split('.')[1] === target.id) {
        sealed += 1;
        return null;
      }
      try {
        const after = vault.seal(name, vault.open(name, before));
        sealed += 1;
        return after;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        unreadable += 1;
        return null;
      }
    });
  } finally {
    await database.close();
  }
  onStep('rows_sealed');
  if (!isReplaced) {
    keepAsPrevious(keyFile);
    onStep('key_kept');
    putInUse(keyFile);
    onStep('key_replaced');
  }
  forgetPrevious(keyFile);
  return { sealed, unreadable, resumed };
}

/** The same by configuration. */
export function rotateKeyIn(options: {
  keyFile: string;
  database: Parameters<typeof databasePlace>[0];
  dataDir: string;
  log: Logger;
}): Promise<Rotation> {
  const { keyFile, database, dataDir, log } = options;
  return rotateCredentialKey({ keyFile, place: databasePlace(database, dataDir), log });
}
