/** How full a volume may get, and which one takes the next file. Pure: no I/O, no clock. */
export interface VolumeSpace {
  /** Of the whole file system, and what is left of it. */
  sizeBytes: number;
  freeBytes: number;
  /** By recordings, open ones too. */
  usedBytes: number;
  /** Most bytes that recordings may take here, or null. */
  limitBytes: number | null;
  /** What shall stay free, or null for the rule below. */
  reserveBytes: number | null;
}

/** `roomy` takes files; `near` its limit takes them while no other volume is roomy; `full` takes none. */
export type Room = 'roomy' | 'near' | 'full';

const gibibyte = 2 ** 30;

/** What stays free: as configured, else 2 % or 1 GiB, whichever is more, but never more than a quarter of the volume. */
export function reserveOf({ sizeBytes, limitBytes, reserveBytes }: VolumeSpace): number {
  const capacity = Math.min(sizeBytes, limitBytes ?? sizeBytes);
  return reserveBytes ?? Math.min(Math.max(capacity * 0.02, gibibyte), capacity / 4);
}

/** Bytes that may still be written, the reserve included; below zero when the limit has been lowered. */
export function bytesLeft({ freeBytes, usedBytes, limitBytes }: VolumeSpace): number {
  return limitBytes === null ? freeBytes : Math.min(freeBytes, limitBytes - usedBytes);
}

/** A volume is near its limit with less than its reserve left, full with less than half of it, until the whole reserve is free again. */
export function roomOf(space: VolumeSpace, before: Room): Room {
  const left = bytesLeft(space);
  const reserve = reserveOf(space);
  if (left >= reserve) return 'roomy';
  return before === 'full' || left < reserve / 2 ? 'full' : 'near';
}

/** The volume for a new file: the first in declared order that is roomy, else the first that is only near its limit. */
export function volumeForFile<T extends { usable: boolean; room: Room }>(volumes: readonly T[]): T | null {
  const usable = volumes.filter((volume) => volume.usable);
  return usable.find(({ room }) => room === 'roomy') ?? usable.find(({ room }) => room === 'near') ?? null;
}

/** Bytes whose deletion gives a volume its reserve again and a quarter of it more, so that cleaning is not always due; 0 while it is roomy. */
export function bytesToFree(space: VolumeSpace): number {
  const missing = reserveOf(space) - bytesLeft(space);
  return missing <= 0 ? 0 : Math.ceil(missing + reserveOf(space) / 4);
}

/**
 * Volumes on which footage must go for room: one that is over its own limit in any case; all of them when not one usable volume is roomy, since
 * new files then have nowhere else to go.
 */
export function volumesToClean<T extends { usable: boolean; room: Room; space: VolumeSpace }>(
  volumes: readonly T[],
): T[] {
  const usable = volumes.filter((volume) => volume.usable);
  const pressed = usable.every(({ room }) => room !== 'roomy');
  return usable.filter(({ space }) => pressed || (space.limitBytes !== null && space.usedBytes > space.limitBytes));
}
