import type { ArchiveAlarm, ArchiveState } from '../../../server/contracts/archive.ts';
import type { DeletionReason, SelfCheck, VolumeHealth } from '../../../server/contracts/health.ts';

/** What a volume does, in the words of `system:archive.state`. */
export type VolumeCondition =
  | 'recording'
  | 'standby'
  | 'near'
  | 'full'
  | 'read_only'
  | 'refusing'
  | 'wrong'
  | 'offline';

/** Another volume, or an empty folder, is where this one belongs. */
const wrongPlace: ReadonlySet<string> = new Set(['identity_foreign', 'identity_missing', 'not_empty']);

/** What each volume does: of those with room the first takes the files; while none has room, the first that is near its limit. */
export function conditionsOf(volumes: readonly Pick<VolumeHealth, 'state' | 'detail'>[]): VolumeCondition[] {
  const roomy = volumes.findIndex(({ state }) => state === 'roomy');
  const taking = roomy >= 0 ? roomy : volumes.findIndex(({ state }) => state === 'near');
  return volumes.map(({ state, detail }, at) => {
    if (state === 'offline') return wrongPlace.has(detail ?? '') ? 'wrong' : 'offline';
    if (state === 'failed') return /EROFS|read-only/i.test(detail ?? '') ? 'read_only' : 'refusing';
    if (at === taking) return 'recording';
    return state === 'roomy' ? 'standby' : state;
  });
}

/** Since when a volume is not there or refuses, as its alarm says. */
export function troubleSince(volume: Pick<VolumeHealth, 'name'>, alarms: readonly ArchiveAlarm[]): number | undefined {
  return alarms.find(({ detail }) => detail.startsWith(`${volume.name}: `))?.sinceMs;
}

/** The reason that an alarm of a volume gives after the volume's name. */
export function reasonOf({ detail }: Pick<ArchiveAlarm, 'detail'>): string {
  return /: (\w+)$/.exec(detail)?.[1] ?? '';
}

/** What went today, most first, without what is nothing. */
export function deletionsOf({ deletedToday }: Pick<VolumeHealth, 'deletedToday'>) {
  return (Object.entries(deletedToday) as [DeletionReason, { files: number; bytes: number }][])
    .map(([reason, sum]) => ({ reason, ...sum }))
    .filter(({ files }) => files > 0)
    .sort((a, b) => b.bytes - a.bytes);
}

/** Differences that a self-check found, without files of others, which harm nothing. */
export function harmIn({ kinds }: Pick<SelfCheck, 'kinds'>): { kind: string; count: number }[] {
  return Object.entries(kinds)
    .filter(([kind]) => kind !== 'foreign_file')
    .map(([kind, count]) => ({ kind, count }));
}

/** How much of a self-check is done, 0 to 1, and how long it will go on; that is not told before a tenth of a minute has shown its pace. */
export function checkProgress(
  { startedMs, lookedAt, toLookAt, readBytes, toReadBytes }: NonNullable<ArchiveState['selfCheckProgress']>,
  nowMs: number,
): { share: number; leftMs: number | null } {
  // Reading takes nearly all of the time; looking at names counts as the first twentieth.
  const part = (done: number, all: number) => (all === 0 ? 1 : Math.min(1, done / all));
  const share = 0.05 * part(lookedAt, toLookAt) + 0.95 * part(readBytes, toReadBytes);
  const read = part(readBytes, toReadBytes);
  const spentMs = nowMs - startedMs;
  const known = read > 0 && toReadBytes > 0 && spentMs >= 6_000;
  return { share, leftMs: known ? (spentMs / read) * (1 - read) : null };
}
