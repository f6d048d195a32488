import { existsSync } from 'node:fs';
import { settleKeyFile } from '../cameras/credential-keys.ts';
import { rotateKeyIn } from '../cameras/key-rotation.ts';
import { loadConfiguration } from '../platform/configuration.ts';
import { createLogger } from '../platform/log.ts';
import { RunLock } from '../recorder/run-lock.ts';
import type { Outcome } from './command.ts';

/** Holds the lock of the data directory meanwhile: a server that ran would go on sealing with the old key. */
export async function cameraRotateKey(): Promise<Outcome> {
  const { dataDir, cameras, database } = loadConfiguration(process.env, process.cwd());
  if (!existsSync(dataDir)) throw new Error(`there are no data in ${dataDir}`);
  const holder = await RunLock.holder(dataDir);
  if (holder !== null) throw new Error(`the server runs on ${dataDir} (process ${holder}): stop it first`);
  const lock = await RunLock.take(dataDir);
  try {
    const log = createLogger('error');
    const keyFile = settleKeyFile(cameras.credentialKeyFile, dataDir, log);
    const result = await rotateKeyIn({ keyFile, database, dataDir, log });
    const lines = [
      ...(result.resumed ? ['an earlier change was brought to its end'] : []),
      `${result.sealed} secrets are sealed with the new key in ${keyFile}`,
      ...(result.unreadable > 0
        ? [`${result.unreadable} could be opened with no key; type them again in the console`]
        : []),
      'keep a copy of the key apart from the backups of the data',
    ];
    return { ok: true, text: lines.join('\n'), result: { ...result, keyFile } };
  } finally {
    await lock.release();
  }
}
