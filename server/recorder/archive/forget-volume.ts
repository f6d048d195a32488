import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Logger } from '../../platform/log.ts';
import type { ArchiveIndex } from './archive-index.ts';
import { systemFiles } from './files.ts';
import type { VolumeRow } from './index-rows.ts';
import type { LostVolume } from './lost-volumes.ts';
import { readIdentity } from './volume-identity.ts';

/** A recorder gives every open file its row within a minute or so: a volume with a newer one is in use. */
const inUseMs = 600_000;
const batchRows = 200;

export interface VolumeLoss extends LostVolume {
  /** Files of stretches that are held for cases or as evidence. */
  heldFiles: number;
}

/** What would be lost with a volume. */
export function volumeLoss(index: ArchiveIndex, volume: VolumeRow, nowMs: number): VolumeLoss {
  const held = new Set<string>();
  for (const { streamId, fromMs, toMs } of index.lost.heldStretches()) {
    for (const { startMs } of index.spansOn([volume.id], streamId, fromMs, toMs)) held.add(`${streamId} ${startMs}`);
  }
  return { ...index.lost.lossOf(volume, nowMs), heldFiles: held.size };
}

/**
 * Why a volume may not be given up, in plain words, or null: it is attached, a folder that might be it cannot be read, or a recorder that runs
 * (it may see disks that this process does not) recorded onto it a moment ago.
 */
export async function whyNotForget(
  volume: VolumeRow,
  loss: VolumeLoss,
  folders: readonly string[],
  recorderRuns: boolean,
): Promise<string | null> {
  for (const folder of folders) {
    try {
      const identity = await readIdentity(systemFiles, folder);
      if (identity?.id === volume.uuid) return `the volume ${volume.name} is attached, at ${folder}`;
    } catch (error) {
      return `${folder} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no identity'}): it may be the volume ${volume.name}; unmount it first`;
    }
  }
  if (recorderRuns && loss.toMs !== null && loss.atMs - loss.toMs < inUseMs) {
    return `the server has recorded onto the volume ${volume.name} within the last ${inUseMs / 60_000} minutes`;
  }
  return null;
}

/**
 * Gives a volume up that will not come back: each of its rows becomes a gap `disk_error`, what was on its way to be deleted `policy_deleted`.
 * A run that was killed is ended by the next one. Also while a recorder runs.
 */
export async function forgetVolume(
  index: ArchiveIndex,
  volume: VolumeRow,
  loss: VolumeLoss,
  log: Logger,
): Promise<void> {
  const { heldFiles, ...lost } = loss;
  index.lost.note(lost);
  log.warn({ ...lost, heldFiles }, 'a volume of the archive is given up: what lay on it is lost');
  index.transaction(() => {
    for (const row of index.deleting()) {
      if (row.volumeId === volume.id) index.dropRecording(row.streamId, row.startMs, 'policy_deleted');
    }
  });
  for (;;) {
    const page = index.oldestOn(volume.id, -1, Number.MAX_SAFE_INTEGER, batchRows);
    if (page.length === 0) break;
    index.transaction(() => {
      for (const row of page) index.dropRecording(row.streamId, row.startMs, 'disk_error');
    });
    await yieldToOthers();
  }
  index.lost.drop(volume.id);
}
