import { silentLogger } from '../../server/platform/log.ts';
import type { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import type { ArchiveFiles } from '../../server/recorder/archive/files.ts';
import { adoptLeftovers } from '../../server/recorder/archive/recovery.ts';
import { Volumes } from '../../server/recorder/archive/volumes.ts';
import type { ManualClock } from './manual-clock.ts';

/** A volume of a test: 1 MiB stays free on it, and it is looked at when the test says so. */
export interface TestVolume {
  name?: string;
  path: string;
  limitBytes?: number;
  reserveBytes?: number;
}

export async function openVolumes(
  index: ArchiveIndex,
  clock: ManualClock,
  volumes: readonly (string | TestVolume)[],
  files?: ArchiveFiles,
): Promise<Volumes> {
  const settings = volumes.map((volume, i) => ({
    ...{ name: `volume-${i + 1}`, limitBytes: null, reserveBytes: 2 ** 20 },
    ...(typeof volume === 'string' ? { path: volume } : volume),
  }));
  const opened = await Volumes.open({ settings, index, clock, log: silentLogger, files });
  opened.onReturn = (volume) => adoptLeftovers(volume, index, silentLogger).then(() => {});
  return opened;
}
