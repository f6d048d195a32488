import { type ProfileSettings, profileSettings } from '../contracts/camera-profiles.ts';
import type {
  CreateCameraRequest,
  patchCameraRequest,
  RecordingSetting,
  ReplaceCameraRequest,
} from '../contracts/cameras.ts';
import { type StreamName, streamName } from '../contracts/common.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { Events } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type {
  CameraChange,
  CameraRow,
  CameraStore,
  CameraStreamRow,
  StoredCamera,
  StreamChange,
} from '../storage/camera.store.ts';
import type { CameraProfileStore } from '../storage/camera-profile.store.ts';
import { fromFlag, toFlag } from '../storage/columns.ts';
import type { Queries } from '../storage/database.ts';
import {
  type CameraRecord,
  isSameDevice,
  parseDesks,
  parseRecording,
  streamOfProfile,
  toRecord,
  untouched,
} from './camera-record.ts';
import type { CameraCredentials, CredentialVault } from './credentials.ts';
import { HostError, type NetworkPolicy, resolveHost } from './networks.ts';
import { mainOf, onboardingObstacle, readRtspRequest } from './onboarding.ts';
import { DeviceClient, type OnvifLimits } from './onvif/device-client.ts';
import { PtzDevice } from './onvif/ptz.ts';
import { type ProbeResult, probeDevice } from './probe.ts';
import { isKnownDevice, relocationObstacle } from './relocation-policy.ts';
import type { StreamRetention } from './retention.ts';
import { settle } from './setting-sources-policy.ts';
import { checkStreams } from './stream-settings.ts';

export type { CameraRecord, CameraStreamRecord } from './camera-record.ts';

export type PatchCameraRequest = ReturnType<typeof patchCameraRequest.parse>;

/** What is written together with a change, in its transaction: the change is done and told, or neither. `before` is the camera as it was. */
export type Also = (camera: CameraRecord, within: Queries, before?: CameraRecord) => Promise<unknown>;

/** What the recorder needs. Credentials leave the registry on this way and by `login`. */
export interface CameraSources {
  enabled: boolean;
  streams: {
    name: StreamName;
    url: string;
    username: string;
    password: string;
    recording: RecordingSetting;
    sound: boolean;
  }[];
  /** Whose working hours count. */
  unitId: string;
}

export interface CameraEvents {
  'camera.saved': { cameraId: string };
  'camera.removed': { cameraId: string };
}

export interface CameraRegistryOptions {
  store: CameraStore;
  vault: CredentialVault;
  clock: Clock;
  log: Logger;
  policy: NetworkPolicy;
  /** Desks of a unit by id, or null where there is no such unit. */
  desksOfUnit: (unitId: string) => Promise<readonly string[] | null>;
  /** The endpoint reference that a search has seen at a device service address; many devices tell it only there. */
  endpointAt?: (onvif: string) => string | null;
  /** Is told the days of a stream as soon as they are written. */
  retention?: StreamRetention;
  /** What cameras share; without it none can have a profile. */
  profiles?: CameraProfileStore;
  maxCameras?: number;
  limits?: OnvifLimits;
  probeDeadlineMs?: number;
}

/** The cameras of the city: what they are, where they stand, how they are reached. It knows nothing of recording. */
export class CameraRegistry {
  readonly #options: CameraRegistryOptions;
  readonly #events: Events<CameraEvents>;
  /** What adds devices takes turns, so that one is not taken in twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: CameraRegistryOptions) {
    this.#options = options;
    this.#events = new Events(options.log);
  }

  /** Returns the function that ends the subscription. */
  on<K extends keyof CameraEvents>(name: K, listener: (payload: CameraEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Takes a camera in: by ONVIF (probed, credentials proved, streams chosen) or by its RTSP addresses.
   * Errors: `unit_unknown`, `desk_unknown`, `camera_exists`, `cameras_full`, and those of `onboardingObstacle` and `readRtspRequest`.
   */
  async create(request: CreateCameraRequest, signal?: AbortSignal, also?: Also): Promise<CameraRecord> {
    const draft = await this.draft(request, signal);
    await this.addAll([draft], also);
    return toRecord(draft);
  }

  /** What `create` would add, read from its device; nothing is added. Errors: as `create`, but those of what is there already. */
  async draft(request: CreateCameraRequest, signal?: AbortSignal): Promise<StoredCamera> {
    await this.#checkPlacement(request.unitId, request.deskIds);
    const profile = await this.#profile(request.profileId ?? null);
    const id = newId();
    const found = 'onvif' in request ? await this.#fromOnvif(id, request, signal) : await this.#fromRtsp(id, request);
    const settled = settle(found, request, profile);
    return {
      row: { ...found.row, profile_id: request.profileId ?? null, ...settled.row },
      streams: found.streams.map((stream) => ({ ...stream, ...settled.streams.get(stream.name) })),
    };
  }

  /** Adds drafts, all or none. Errors: `camera_exists`, `cameras_full`. */
  async addAll(drafts: readonly StoredCamera[], also?: Also): Promise<void> {
    await this.#inTurn(() => this.#insert(drafts, also));
    for (const { row, streams } of drafts) {
      for (const { name, retention_days: days } of streams) this.#options.retention?.set(row.id, name, days);
      this.#options.log.info({ camera: row.id, host: row.host, streams: streams.length }, 'camera added');
      this.#events.emit('camera.saved', { cameraId: row.id });
    }
  }

  /** The camera that is the same device as a draft, or null. */
  async conflict(draft: StoredCamera): Promise<{ id: string; name: string } | null> {
    const same = (await this.#options.store.list()).find((other) => isSameDevice(other, draft));
    return same ? { id: same.row.id, name: same.row.name } : null;
  }

  /**
   * Another device in the place of a camera's: id, name, unit, settings, recordings and history stay. Errors: `camera_unknown`, `camera_exists` where
   * the device is another camera's, and those of `create`.
   */
  async replace(id: string, request: ReplaceCameraRequest, signal?: AbortSignal, also?: Also): Promise<CameraRecord> {
    const stored = await this.#findPresent(id);
    const { name, unit_id: unitId } = stored.row;
    const placed = { name, unitId, deskIds: parseDesks(stored.row) };
    const found =
      'onvif' in request
        ? await this.#fromOnvif(id, { ...request, ...placed }, signal)
        : await this.#fromRtsp(id, { ...request, ...placed });
    const { host, simulated, ptz, onvif, endpoint, certificate_sha256 } = found.row;
    const { manufacturer, model, firmware, serial, credentials, changed_at_ms } = found.row;
    const device = { host, simulated, ptz, onvif, endpoint, certificate_sha256, manufacturer, model, firmware, serial };
    const before = toRecord(stored);
    const done = await this.#inTurn(async () => {
      const others = (await this.#options.store.list()).filter(({ row }) => row.id !== id);
      const same = others.find((other) => isSameDevice(other, found));
      if (same) throw cameraExists(same);
      // A stream that the old device had too keeps what was set of it.
      const kept = found.streams.map((stream) => {
        const old = stored.streams.find((one) => one.name === stream.name);
        return old
          ? { ...stream, recording: old.recording, retention_days: old.retention_days, sound: old.sound }
          : stream;
      });
      const settled = settle({ row: stored.row, streams: kept }, {}, await this.#profile(stored.row.profile_id));
      const streams = kept.map((stream) => ({ ...stream, ...settled.streams.get(stream.name) }));
      const change = { ...device, credentials, changed_at_ms, ...settled.row };
      const after = toRecord({ row: { ...stored.row, ...change }, streams });
      const told = await this.#options.store.replace(id, change, streams, async (within) =>
        also?.(after, within, before),
      );
      return told ? streams : null;
    });
    if (!done) throw cameraUnknown(id);
    for (const { name: stream, retention_days: days } of done) this.#options.retention?.set(id, stream, days);
    this.#options.log.info({ camera: id, host }, 'camera has another device');
    this.#events.emit('camera.saved', { cameraId: id });
    return this.get(id);
  }

  /** By name, without removed ones. */
  async list(): Promise<CameraRecord[]> {
    return (await this.#options.store.list()).map(toRecord);
  }

  /** Also a removed one, since footage and incidents still name it. Errors: `camera_unknown`. */
  async get(id: string): Promise<CameraRecord> {
    return toRecord(await this.#find(id));
  }

  /**
   * Changes what is given. New credentials are tried on an ONVIF camera first; one that cannot be reached takes them unproved.
   * Errors: `camera_unknown`, `unit_unknown`, `desk_unknown`, `stream_unknown`, `camera_bad_credentials` and the like.
   */
  async patch(id: string, patch: PatchCameraRequest, signal?: AbortSignal, also?: Also): Promise<CameraRecord> {
    const stored = await this.#findPresent(id);
    const change: CameraChange = { changed_at_ms: this.#options.clock.nowMs() };
    if (patch.name !== undefined) change.name = patch.name;
    if (patch.enabled !== undefined) change.enabled = toFlag(patch.enabled);
    if (patch.unitId !== undefined || patch.deskIds !== undefined) {
      const unitId = patch.unitId ?? stored.row.unit_id;
      // Desks belong to a unit: a camera that moves leaves its desks behind.
      const deskIds = patch.deskIds ?? (unitId === stored.row.unit_id ? parseDesks(stored.row) : []);
      await this.#checkPlacement(unitId, deskIds);
      change.unit_id = unitId;
      change.desk_ids = JSON.stringify(deskIds);
    }
    if (patch.username !== undefined || patch.password !== undefined) {
      change.credentials = await this.#changedCredentials(stored, patch, signal);
    }
    checkStreams(stored, patch);
    const profileId = patch.profileId === undefined ? stored.row.profile_id : patch.profileId;
    const { row: settings, streams } = settle(stored, patch, await this.#profile(profileId));
    Object.assign(change, settings, { profile_id: profileId });
    const before = toRecord(stored);
    const changed = toRecord({
      row: { ...stored.row, ...change },
      streams: stored.streams.map((stream) => ({ ...stream, ...streams.get(stream.name) })),
    });
    const done = await this.#options.store.update(id, change, streams, async (within) =>
      also?.(changed, within, before),
    );
    if (!done) throw cameraUnknown(id);
    this.#tellRetention(id, streams);
    this.#options.log.info({ camera: id, changed: Object.keys(patch) }, 'camera changed');
    this.#events.emit('camera.saved', { cameraId: id });
    return this.get(id);
  }

  /**
   * Moves a camera to the device service address from which it said Hello, once the device there has taken its credentials and is the
   * same, and is no longer where it was. Errors: `camera_unknown`, `camera_not_moved` with the reason.
   */
  async relocate(id: string, onvif: string, signal?: AbortSignal, also?: Also): Promise<CameraRecord> {
    const stored = await this.#findPresent(id);
    const refuse = (reason: string) =>
      new AppError('conflict', 'camera_not_moved', { params: { cameraId: id, reason } });
    const { certificate_sha256: certificateSha256 } = stored.row;
    if (stored.row.onvif === null) throw refuse('no_onvif');
    const probe = (address: string) =>
      this.#probe({ onvif: address, ...this.#credentials(stored), certificateSha256, signal });
    // A device with two addresses says Hello from both.
    if (isKnownDevice(stored.row, await probe(stored.row.onvif)) === true) throw refuse('still_there');
    const result = await probe(onvif);
    const obstacle = relocationObstacle(stored.row, result);
    if (obstacle) throw refuse(obstacle);
    const streams = new Map<string, StreamChange>();
    for (const { name, profile_token } of stored.streams) {
      const profile =
        result.profiles.find(({ token, rtsp }) => token === profile_token && rtsp !== null) ??
        result.profiles.find(({ stream }) => stream === name);
      const found = profile && streamOfProfile(id, { ...profile, stream: streamName.parse(name) })[0];
      if (found)
        streams.set(name, { url: found.url, url_as_sent: found.url_as_sent, profile_token: found.profile_token });
    }
    const change: CameraChange = { onvif: result.onvif, host: result.host, changed_at_ms: this.#options.clock.nowMs() };
    const before = toRecord(stored);
    const after = toRecord({ ...stored, row: { ...stored.row, ...change } });
    const done = await this.#options.store.update(id, change, streams, async (within) => also?.(after, within, before));
    if (!done) throw cameraUnknown(id);
    this.#options.log.info({ camera: id, host: result.host }, 'camera moved to another address');
    this.#events.emit('camera.saved', { cameraId: id });
    return this.get(id);
  }

  /**
   * Settles the settings of every camera of a profile anew, as part of a transaction in which the profile was changed; what is returned tells
   * the rest of the product once that is done.
   */
  async settleProfile(profileId: string, within: Queries): Promise<() => void> {
    const { store, clock } = this.#options;
    const profile = await this.#profile(profileId, within);
    const told: (() => void)[] = [];
    for (const stored of await store.ofProfile(profileId, within)) {
      const { row, streams } = settle(stored, {}, profile);
      const change = { ...row, changed_at_ms: clock.nowMs() };
      await store.updateWithin(stored.row.id, change, streams, within);
      told.push(() => {
        this.#tellRetention(stored.row.id, streams);
        this.#events.emit('camera.saved', { cameraId: stored.row.id });
      });
    }
    return () => {
      for (const tell of told) tell();
    };
  }

  /** Its footage stays until retention takes it; its credentials are forgotten. Errors: `camera_unknown`. */
  async remove(id: string, also?: Also): Promise<void> {
    const record = toRecord(await this.#findPresent(id));
    const nowMs = this.#options.clock.nowMs();
    const done = await this.#options.store.remove(id, nowMs, async (within) => also?.(record, within));
    if (!done) throw cameraUnknown(id);
    this.#options.log.info({ camera: id }, 'camera removed');
    this.#events.emit('camera.removed', { cameraId: id });
  }

  /** The unit in which a camera stood at a moment, also one that was removed. Errors: `camera_unknown`. */
  async unitAt(id: string, atMs: number): Promise<string> {
    const unitId = await this.#options.store.unitAt(id, atMs);
    if (unitId === undefined) throw cameraUnknown(id);
    return unitId;
  }

  /**
   * How the recorder reaches the camera's streams. A stream whose host name has come to lead where it may not is left out.
   * Errors: `camera_unknown`, `credentials_unreadable`.
   */
  async sources(id: string): Promise<CameraSources> {
    const stored = await this.#findPresent(id);
    const { username, password } = this.#credentials(stored);
    const streams: CameraSources['streams'] = [];
    for (const stream of stored.streams) {
      if (!(await this.#leadsSomewhereAllowed(id, stream))) continue;
      const name = streamName.parse(stream.name);
      const sound = fromFlag(stream.sound);
      streams.push({ name, url: stream.url, username, password, recording: parseRecording(stream), sound });
    }
    return { enabled: fromFlag(stored.row.enabled), streams, unitId: stored.row.unit_id };
  }

  /** For another device of the same installation. Errors: `camera_unknown`, `credentials_unreadable`. */
  async login(id: string): Promise<CameraCredentials> {
    return this.#credentials(await this.#findPresent(id));
  }

  /** How the camera itself is spoken to, for as long as `signal` lets; null where it has no ONVIF. Errors: `camera_unknown`, `credentials_unreadable`. */
  async device(id: string, signal: AbortSignal): Promise<{ client: DeviceClient; profile: string } | null> {
    const stored = await this.#findPresent(id);
    const { onvif, certificate_sha256: certificateSha256 } = stored.row;
    const profile = stored.streams.find((stream) => stream.profile_token !== null)?.profile_token;
    if (onvif === null || !profile) return null;
    const { clock, policy, limits } = this.#options;
    const options = { url: new URL(onvif), clock, policy, certificateSha256, signal, ...(limits && { limits }) };
    return { client: new DeviceClient({ ...options, ...this.#credentials(stored) }), profile };
  }

  /** Asks the camera whether it can be steered, and keeps the answer. Errors: `OnvifError`. */
  async learnPtz(id: string, signal: AbortSignal): Promise<void> {
    const device = await this.device(id, signal);
    if (!device) return;
    const ptz = toFlag((await PtzDevice.open(device.client, device.profile)) !== null);
    const { changed_at_ms } = (await this.#findPresent(id)).row;
    if (await this.#options.store.update(id, { ptz, changed_at_ms }, new Map(), async () => {}))
      this.#events.emit('camera.saved', { cameraId: id });
  }

  async #fromOnvif(
    id: string,
    request: Extract<CreateCameraRequest, { onvif: string }>,
    signal: AbortSignal | undefined,
  ): Promise<StoredCamera> {
    const result = await this.#probe({ ...request, signal });
    const obstacle = onboardingObstacle(result);
    if (obstacle) throw obstacle;
    const profiles = [mainOf(result), result.profiles.find((profile) => profile.stream === 'sub')];
    return {
      row: {
        ...this.#newRow(id, request, request),
        host: result.host,
        simulated: toFlag(result.scopes.simulated),
        ptz: toFlag(result.ptz),
        onvif: result.onvif,
        endpoint: result.endpoint ?? this.#options.endpointAt?.(result.onvif) ?? null,
        certificate_sha256: result.certificateSha256,
        manufacturer: result.device?.manufacturer ?? '',
        model: result.device?.model ?? '',
        firmware: result.device?.firmware ?? '',
        serial: result.device?.serial ?? '',
      },
      streams: profiles.flatMap((profile) => (profile ? streamOfProfile(id, profile) : [])),
    };
  }

  async #fromRtsp(id: string, request: Extract<CreateCameraRequest, { rtsp: unknown }>): Promise<StoredCamera> {
    const source = await readRtspRequest(request, this.#options.policy);
    const stream = (name: StreamName, url: URL): CameraStreamRow => ({
      camera_id: id,
      name,
      url: url.href,
      url_as_sent: url.href,
      profile_token: null,
      codec: 'unknown',
      width: 0,
      height: 0,
      fps: 0,
      ...untouched,
    });
    return {
      row: { ...this.#newRow(id, request, source), host: source.main.host },
      streams: [stream('main', source.main), ...(source.sub ? [stream('sub', source.sub)] : [])],
    };
  }

  /** Errors: `profile_unknown`. */
  async #profile(id: string | null, within?: Queries): Promise<ProfileSettings | null> {
    if (id === null) return null;
    const row = await this.#options.profiles?.find(id, within);
    if (!row) throw new AppError('invalid', 'profile_unknown', { fields: { profileId: 'profile_unknown' } });
    return profileSettings.parse(JSON.parse(row.settings));
  }

  #tellRetention(id: string, streams: ReadonlyMap<string, StreamChange>): void {
    for (const [name, { retention_days: days }] of streams) {
      if (days !== undefined) this.#options.retention?.set(id, name, days);
    }
  }

  #newRow(
    id: string,
    placement: { name: string; unitId: string; deskIds: string[] },
    login: CameraCredentials,
  ): CameraRow {
    const nowMs = this.#options.clock.nowMs();
    return {
      id,
      name: placement.name,
      unit_id: placement.unitId,
      desk_ids: JSON.stringify(placement.deskIds),
      enabled: toFlag(true),
      simulated: toFlag(false),
      ptz: toFlag(false),
      host: '',
      onvif: null,
      endpoint: null,
      certificate_sha256: null,
      manufacturer: '',
      model: '',
      firmware: '',
      serial: '',
      credentials: this.#seal(id, login),
      created_at_ms: nowMs,
      changed_at_ms: nowMs,
      removed_at_ms: null,
      profile_id: null,
      setting_sources: null,
      events: toFlag(false),
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #insert(drafts: readonly StoredCamera[], also: Also | undefined): Promise<void> {
    const present = await this.#options.store.list();
    for (const draft of drafts) {
      const same = present.find((other) => isSameDevice(other, draft));
      if (same) throw cameraExists(same);
      present.push(draft);
    }
    if (present.length > (this.#options.maxCameras ?? 2_000)) throw new AppError('conflict', 'cameras_full');
    await this.#options.store.insertAll(drafts, async (within) => {
      for (const draft of drafts) await also?.(toRecord(draft), within);
    });
  }

  async #checkPlacement(unitId: string, deskIds: readonly string[]): Promise<void> {
    const desks = await this.#options.desksOfUnit(unitId);
    if (desks === null) throw new AppError('invalid', 'unit_unknown', { fields: { unitId: 'unit_unknown' } });
    if (deskIds.some((desk) => !desks.includes(desk))) {
      throw new AppError('invalid', 'desk_unknown', { fields: { deskIds: 'desk_unknown' } });
    }
  }

  async #changedCredentials(
    stored: StoredCamera,
    patch: PatchCameraRequest,
    signal: AbortSignal | undefined,
  ): Promise<string | null> {
    // Where both are given, what is sealed is not opened: so a camera whose credentials cannot be read any more gets new ones.
    const before = patch.username === undefined || patch.password === undefined ? this.#credentials(stored) : undefined;
    const login = {
      username: patch.username ?? before?.username ?? '',
      password: patch.password ?? before?.password ?? '',
    };
    const { onvif, certificate_sha256: certificateSha256, id } = stored.row;
    if (onvif !== null) {
      const result = await this.#probe({ onvif, ...login, certificateSha256, signal });
      const obstacle = result.auth.error ? onboardingObstacle(result) : null;
      if (obstacle) throw obstacle;
    }
    return this.#seal(id, login);
  }

  #probe(
    request: CameraCredentials & { onvif: string; certificateSha256?: string | null; signal?: AbortSignal | undefined },
  ): Promise<ProbeResult> {
    const { clock, log, policy, limits, probeDeadlineMs: deadlineMs } = this.#options;
    return probeDevice(request, { clock, log, policy, limits, deadlineMs });
  }

  #seal(id: string, login: CameraCredentials): string | null {
    return login.username === ''
      ? null
      : this.#options.vault.seal(id, { username: login.username, password: login.password });
  }

  #credentials({ row }: StoredCamera): CameraCredentials {
    return row.credentials === null
      ? { username: '', password: '' }
      : this.#options.vault.open(row.id, row.credentials);
  }

  async #leadsSomewhereAllowed(id: string, stream: CameraStreamRow): Promise<boolean> {
    try {
      await resolveHost(new URL(stream.url).hostname, this.#options.policy);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // A name that is not found now may be found when the recorder tries again.
      if (error.reason === 'host_unknown') return true;
      this.#options.log.warn({ camera: id, stream: stream.name }, 'stream address is not allowed');
      return false;
    }
    return true;
  }

  async #find(id: string): Promise<StoredCamera> {
    const stored = await this.#options.store.find(id);
    if (!stored) throw cameraUnknown(id);
    return stored;
  }

  async #findPresent(id: string): Promise<StoredCamera> {
    const stored = await this.#find(id);
    if (stored.row.removed_at_ms !== null) throw cameraUnknown(id);
    return stored;
  }
}

function cameraExists({ row }: StoredCamera): AppError {
  return new AppError('conflict', 'camera_exists', { params: { cameraId: row.id, name: row.name } });
}

function cameraUnknown(id: string): AppError {
  return new AppError('not_found', 'camera_unknown', { params: { cameraId: id } });
}
