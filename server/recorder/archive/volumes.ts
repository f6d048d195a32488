import { randomUUID } from 'node:crypto';
import { nothingDeleted, type VolumeHealth } from '../../contracts/health.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { ArchiveIndex, VolumeRow } from './archive-index.ts';
import type { ArchiveRoot } from './check.ts';
import { type ArchiveFiles, systemFiles } from './files.ts';
import { Volume, type VolumeSetting } from './volume.ts';
import { volumeForFile } from './volume-policy.ts';

/** Volumes are looked at this often: how much is free, whether they are there, whether one that failed works again. */
const checkEveryMs = 2000;

export interface VolumesOptions {
  settings: readonly VolumeSetting[];
  index: ArchiveIndex;
  clock: Clock;
  log: Logger;
  files?: ArchiveFiles | undefined;
  checkEveryMs?: number | undefined;
  onAlarm?(alarm: VolumeAlarm, active: boolean): void;
}

export interface VolumeAlarm {
  code: 'volume_offline' | 'archive_full' | 'disk_full' | 'disk_error';
  /** Null for the archive as a whole. */
  volume: string | null;
  sinceMs: number;
  detail: string;
}

/** All volumes of the archive in their declared order: which of them takes a new file, where a recording lies, and what is wrong with them. */
export class Volumes {
  readonly all: readonly Volume[];
  readonly #o: VolumesOptions;
  readonly #alarms = new Map<string, VolumeAlarm>();
  /** Volumes that the index knows and the configuration does not name any more. */
  #undeclared: VolumeRow[] = [];
  /** Set by the cleaner: nothing more may be deleted. */
  #nothingToDelete = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #looks = new Set<Promise<void>>();
  /** Called with a volume that is there (again), before it is used: files that its last use left open are taken up here. */
  onReturn: (volume: Volume) => Promise<void> = async () => {};
  /** Called after every look. */
  onLook: () => void = () => {};

  private constructor(options: VolumesOptions) {
    this.#o = options;
    const { index, clock, log, files = systemFiles } = options;
    this.all = options.settings.map(
      (setting) => new Volume(setting, { index, clock, log, files, newId: randomUUID, settings: options.settings }),
    );
  }

  /** Looks at every volume once. A volume that cannot be used is offline, and no error. */
  static async open(options: VolumesOptions): Promise<Volumes> {
    const volumes = new Volumes(options);
    // One after the other: the first declared becomes the first of the index.
    for (const volume of volumes.all) await volume.look(async () => {});
    volumes.#afterLook();
    return volumes;
  }

  /** Begins to look at the volumes again and again. */
  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#o.checkEveryMs ?? checkEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.onReturn = async () => {};
    this.onLook = () => {};
    await Promise.all(this.#looks);
  }

  /** One look at every volume, none waiting for another; a volume that is being looked at already is left out. */
  async look(): Promise<void> {
    const looks = this.all.map(async (volume) => {
      await volume.look((back) => this.onReturn(back));
      try {
        this.#afterLook();
        this.onLook();
      } catch (error) {
        this.#o.log.error({ reason: errorMessage(error) }, 'the volumes of the archive could not be judged');
      }
    });
    for (const look of looks) this.#looks.add(look.finally(() => this.#looks.delete(look)));
    await Promise.all(looks);
  }

  /** The volume for a new file, or null. `except`: volumes that refused this stream a moment ago. */
  forNewFile(except: (volume: Volume) => boolean = () => false): Volume | null {
    return volumeForFile(this.all.filter((volume) => !except(volume)));
  }

  /** The volume of a recording while it is there; null while it is offline. */
  online(volumeId: number): Volume | null {
    return this.all.find((volume) => volume.id === volumeId && volume.online) ?? null;
  }

  /** Where recordings can be read now, by the number of their volume. */
  roots(): ArchiveRoot[] {
    return this.all.flatMap(({ id, online, path }) => (id !== null && online ? [{ volumeId: id, path }] : []));
  }

  /** Numbers (of the index) of volumes whose recordings cannot be reached now. */
  offlineIds(): number[] {
    const ids = this.all.filter((volume) => !volume.online && volume.id !== null).map((volume) => volume.id ?? 0);
    return [...ids, ...this.#undeclared.map(({ id }) => id)];
  }

  /** Why no volume takes a file, as the error of a write. */
  whyNone(): Error {
    const full = this.all.some((volume) => volume.usable && volume.room === 'full');
    return full
      ? Object.assign(new Error('no volume of the archive has room'), { code: 'ENOSPC', volumes: true })
      : Object.assign(new Error('no volume of the archive can be written'), { code: 'ENODEV', volumes: true });
  }

  /** The cleaner found that nothing more may be deleted, or that something may again. */
  set nothingToDelete(nothing: boolean) {
    this.#nothingToDelete = nothing;
  }

  get alarms(): VolumeAlarm[] {
    return [...this.#alarms.values()];
  }

  health(): VolumeHealth[] {
    const declared = this.all.map((volume) => volume.health());
    const gone = this.#undeclared.map(
      ({ name, bytes, files }): VolumeHealth => ({
        ...{ name, path: null, state: 'offline', detail: 'not_declared', files },
        ...{
          usedBytes: bytes,
          freeBytes: 0,
          sizeBytes: 0,
          limitBytes: null,
          reserveBytes: 0,
          bytesPerDay: null,
          daysLeft: null,
          deletedFiles: 0,
          deletedBytes: 0,
          deletedToday: nothingDeleted,
        },
      }),
    );
    return [...declared, ...gone];
  }

  #afterLook(): void {
    const known = new Set(this.all.map((volume) => volume.id));
    this.#undeclared = this.#o.index
      .volumes()
      .filter(({ id, files }) => !known.has(id) && files > 0 && !this.#named(id));
    for (const volume of this.all) {
      const { name, offlineReason, failure } = volume;
      this.#alarm('volume_offline', name, offlineReason === null ? null : `${name}: ${offlineReason}`);
      const full = failure !== null && (failure.code === 'ENOSPC' || failure.code === 'EDQUOT');
      this.#alarm('disk_full', name, full ? `${name}: ${failure.message}` : null);
      this.#alarm('disk_error', name, failure !== null && !full ? `${name}: ${failure.message}` : null);
    }
    for (const { name } of this.#undeclared) this.#alarm('volume_offline', name, `${name}: not_declared`);
    const usable = this.all.filter((volume) => volume.usable);
    const stuck = usable.length > 0 && usable.every(({ room }) => room === 'full') && this.#nothingToDelete;
    this.#alarm('archive_full', null, stuck ? 'no volume has room, and nothing may be deleted' : null);
  }

  /** Whether a declared volume, offline since the start, stands for this row. */
  #named(id: number): boolean {
    const row = this.#o.index.volumes().find((volume) => volume.id === id);
    return this.all.some((volume) => volume.name === row?.name);
  }

  #alarm(code: VolumeAlarm['code'], volume: string | null, detail: string | null): void {
    const key = `${code} ${volume ?? ''}`;
    const known = this.#alarms.get(key);
    if (detail === null) {
      if (known === undefined) return;
      this.#alarms.delete(key);
      this.#o.onAlarm?.(known, false);
    } else if (known === undefined) {
      const alarm = { code, volume, sinceMs: this.#o.clock.nowMs(), detail };
      this.#alarms.set(key, alarm);
      this.#o.onAlarm?.(alarm, true);
    } else {
      known.detail = detail;
    }
  }
}
