import { type CameraProfile, type ProfileSettings, profileSettings } from '../contracts/camera-profiles.ts';
import type { JsonValue } from '../platform/canonical-json.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { CameraProfileRow, CameraProfileStore } from '../storage/camera-profile.store.ts';
import type { Queries } from '../storage/database.ts';
import type { CameraRegistry } from './registry.ts';

/** Told in the transaction of the change itself. */
type Tell = (action: string, id: string, details: Record<string, JsonValue>, within: Queries) => Promise<unknown>;

export interface CameraProfilesOptions {
  store: CameraProfileStore;
  registry: Pick<CameraRegistry, 'settleProfile'>;
  clock: Clock;
}

const mostProfiles = 200;

/** Settings that many cameras share. A change reaches all of them at once, apart from what a camera has of its own. */
export class CameraProfiles {
  readonly #options: CameraProfilesOptions;

  constructor(options: CameraProfilesOptions) {
    this.#options = options;
  }

  async list(): Promise<CameraProfile[]> {
    return (await this.#options.store.list()).map(present);
  }

  /** Errors: `profiles_full`, `profile_exists`. */
  async create(given: { name: string; settings: ProfileSettings }, tell: Tell): Promise<CameraProfile> {
    const { store, clock } = this.#options;
    const others = await store.list();
    if (others.length >= mostProfiles) throw new AppError('conflict', 'profiles_full');
    refuseSameName(others, given.name);
    const row = {
      ...{ id: newId(), name: given.name, settings: JSON.stringify(given.settings), version: 1 },
      changed_at_ms: clock.nowMs(),
    };
    await store.transaction(async (within) => {
      await store.insert(row, within);
      await tell('camera_profile.created', row.id, { name: row.name, settings: plain(given.settings) }, within);
    });
    return present({ ...row, cameras: 0 });
  }

  /** Errors: `profile_unknown`, `profile_exists`, `version_conflict`. */
  async patch(
    id: string,
    patch: { name?: string | undefined; settings?: ProfileSettings | undefined; version: number },
    tell: Tell,
  ): Promise<CameraProfile> {
    const { store, registry, clock } = this.#options;
    const known = await store.list();
    const before = known.find((row) => row.id === id);
    if (!before) throw unknown();
    if (patch.name !== undefined)
      refuseSameName(
        known.filter((row) => row.id !== id),
        patch.name,
      );
    const { cameras, ...present_ } = before;
    const row: CameraProfileRow = {
      ...present_,
      name: patch.name ?? before.name,
      settings: patch.settings === undefined ? before.settings : JSON.stringify(patch.settings),
      version: patch.version + 1,
      changed_at_ms: clock.nowMs(),
    };
    const done = await store.transaction(async (within) => {
      if (!(await store.update(row, patch.version, within))) throw new AppError('conflict', 'version_conflict');
      const told = await registry.settleProfile(id, within);
      const details = {
        before: { name: before.name, settings: JSON.parse(before.settings) as JsonValue },
        after: { name: row.name, settings: JSON.parse(row.settings) as JsonValue },
        cameras,
      };
      await tell('camera_profile.changed', id, details, within);
      return told;
    });
    done();
    return present({ ...row, cameras });
  }

  /** Errors: `profile_unknown`, `profile_in_use`: what its cameras keep, and for how long, is not changed by the way. */
  async remove(id: string, tell: Tell): Promise<void> {
    const { store } = this.#options;
    const known = (await store.list()).find((row) => row.id === id);
    if (!known) throw unknown();
    if (known.cameras > 0) throw new AppError('conflict', 'profile_in_use', { params: { cameras: known.cameras } });
    await store.transaction(async (within) => {
      await store.remove(id, within);
      await tell('camera_profile.removed', id, { name: known.name }, within);
    });
  }
}

function present(row: CameraProfileRow & { cameras: number }): CameraProfile {
  const { id, name, version, cameras } = row;
  return {
    id,
    name,
    version,
    cameras,
    settings: profileSettings.parse(JSON.parse(row.settings)),
    changedAtMs: row.changed_at_ms,
  };
}

function plain(settings: ProfileSettings): JsonValue {
  return JSON.parse(JSON.stringify(settings)) as JsonValue;
}

function refuseSameName(others: readonly CameraProfileRow[], name: string): void {
  if (others.some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw new AppError('conflict', 'profile_exists', { params: { name } });
}

function unknown(): AppError {
  return new AppError('not_found', 'profile_unknown');
}
