import type {
  FixAnswer,
  FixRequest,
  InspectedProfile,
  Inspection,
  MeasuredStream,
} from '../contracts/camera-onboarding.ts';
import type { Codec } from '../contracts/cameras.ts';
import type { StreamName } from '../contracts/common.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, errorMessage } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { type AdvisedStream, adviceOf } from './advice-policy.ts';
import { CredentialAttempts } from './attempts.ts';
import type { CameraCredentials } from './credentials.ts';
import { applyFixes } from './fixes.ts';
import { HostError, type NetworkPolicy, resolveHost } from './networks.ts';
import { onboardingObstacle } from './onboarding.ts';
import { deviceServiceUrl } from './onvif/addresses.ts';
import { DeviceClient, type OnvifLimits } from './onvif/device-client.ts';
import { OnvifError } from './onvif/errors.ts';
import { Limiter } from './onvif/limiter.ts';
import { EncoderSettings } from './onvif/media-write.ts';
import { readServices } from './onvif/services.ts';
import { fetchSnapshot } from './onvif/snapshot.ts';
import { type ProbedProfile, type ProbeResult, probeDevice } from './probe.ts';

/** What is measured of a stream, and its first picture. */
export type StreamSample = MeasuredStream & { jpeg: Uint8Array | null };

export interface InspectionsOptions {
  clock: Clock;
  log: Logger;
  policy: NetworkPolicy;
  /** Reads a stream for `forMs`. Errors: `AppError` with the cause in its params. */
  measure: (
    source: { name: StreamName; url: string; username: string; password: string },
    forMs: number,
    signal: AbortSignal,
  ) => Promise<StreamSample>;
  registeredAt: (device: { endpoint: string | null; onvif: string }) => string | null;
  /** Errors: `camera_unknown`, `credentials_unreadable`. */
  credentialsOf: (cameraId: string) => Promise<CameraCredentials>;
  limits?: OnvifLimits;
  probeDeadlineMs?: number;
  /** How much of each stream is measured. */
  measureMs?: number;
}

interface Run {
  inspection: Inspection;
  login: CameraCredentials;
  result: ProbeResult | null;
  pictures: Map<StreamName, Uint8Array>;
  /** Token of the profile that could be made the sub stream where there is none. */
  spare: string | null;
  abort: AbortController;
  /** One piece of work after the other. */
  turn: Promise<void>;
}

const keepMs = 900_000;
const mostKept = 128;
const mostRunning = 64;
/** Devices asked, and devices measured, at once: measuring takes a process for each of their streams. */
const parallelProbes = 16;
const parallelMeasures = 3;
const usualMeasureMs = 5_000;
const detailsMs = 12_000;

/**
 * Looks closely at devices before they are taken in: what each is, what its streams are like, what to advise, and does what of it ONVIF can do.
 * Kept in memory for a quarter of an hour, with the credentials, which leave it only into the registry.
 */
export class Inspections {
  readonly #options: InspectionsOptions;
  readonly #runs = new Map<string, Run>();
  readonly #probes = new Limiter(parallelProbes);
  readonly #measures = new Limiter(parallelMeasures);
  readonly #attempts: CredentialAttempts;
  readonly #sweep: NodeJS.Timeout;

  constructor(options: InspectionsOptions) {
    this.#options = options;
    this.#attempts = new CredentialAttempts(options.clock);
    this.#sweep = setInterval(() => this.#forgetOld(), 60_000);
    this.#sweep.unref();
  }

  /** Ends and forgets all of them. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    const runs = [...this.#runs.values()];
    for (const run of runs) run.abort.abort();
    await Promise.all(runs.map((run) => run.turn));
    this.#runs.clear();
  }

  /** Begins and returns at once. Errors: `inspections_busy`, those of `credentialsOf`. */
  async start(
    addresses: readonly string[],
    given: CameraCredentials | { credentialsOf: string },
  ): Promise<Inspection[]> {
    const login = 'credentialsOf' in given ? await this.#options.credentialsOf(given.credentialsOf) : given;
    this.#forgetOld();
    const running = [...this.#runs.values()].filter(({ inspection }) => inspection.state === 'running').length;
    if (running + addresses.length > mostRunning) throw new AppError('too_many', 'inspections_busy');
    return [...new Set(addresses)].map((address) => {
      const nowMs = this.#options.clock.nowMs();
      const inspection: Inspection = {
        ...{ id: newId(), address, state: 'running', step: 'waiting', startedAtMs: nowMs, expiresAtMs: nowMs + keepMs },
        ...{ errorCode: null, onvif: null, host: address, name: '', simulated: false, device: null, clockSkewMs: null },
        ...{
          ptz: false,
          events: false,
          snapshot: false,
          certificateSha256: null,
          profiles: [],
          advice: [],
          cameraId: null,
        },
      };
      const run: Run = {
        ...{ inspection, login, result: null, pictures: new Map(), spare: null, abort: new AbortController() },
        turn: Promise.resolve(),
      };
      this.#runs.set(inspection.id, run);
      this.#inTurn(run, () => this.#inspect(run));
      return structuredClone(inspection);
    });
  }

  /** Errors: `inspection_unknown`. */
  get(id: string): Inspection {
    const { inspection, result } = this.#find(id);
    const { onvif } = inspection;
    // Answered anew every time: devices are taken in meanwhile.
    const cameraId = onvif === null ? null : this.#options.registeredAt({ endpoint: result?.endpoint ?? null, onvif });
    return structuredClone({ ...inspection, cameraId });
  }

  /** Errors: `inspection_unknown`. */
  async forget(id: string): Promise<void> {
    const run = this.#find(id);
    this.#runs.delete(id);
    run.abort.abort();
    await run.turn;
  }

  /** The login that the device has taken, for the registry. Errors: `inspection_unknown`, `inspection_other_device`. */
  credentials(id: string, onvif: string): CameraCredentials {
    const { login, inspection } = this.#find(id);
    if (inspection.onvif !== onvif || inspection.state === 'failed')
      throw new AppError('invalid', 'inspection_other_device');
    return { ...login };
  }

  /** A picture by the device, or the first of its measured stream. Errors: `inspection_unknown`, `inspection_running`, `picture_missing`. */
  async picture(id: string, stream: StreamName, signal: AbortSignal): Promise<Uint8Array> {
    const run = this.#find(id);
    const { result } = run;
    const address = stream === 'main' ? result?.snapshot : null;
    const own = run.pictures.get(stream);
    if (result && address) {
      const client = this.#client(run, result, AbortSignal.any([signal, run.abort.signal]));
      const taken = await fetchSnapshot(client, new URL(address)).catch((error) => {
        if (!(error instanceof OnvifError)) throw error;
        return null;
      });
      if (taken) return taken;
    }
    if (own) return own;
    if (run.inspection.state === 'running') throw new AppError('conflict', 'inspection_running', { retry: true });
    throw new AppError('not_found', 'picture_missing');
  }

  /**
   * Does fixes on the device, and inspects it anew in the background. Errors: `inspection_unknown`, `inspection_running`, `inspection_failed`,
   * `fix_not_offered` for what was not advised with a fix.
   */
  async fix(id: string, request: FixRequest): Promise<FixAnswer> {
    const run = this.#find(id);
    const { inspection, result } = run;
    if (inspection.state === 'running') throw new AppError('conflict', 'inspection_running', { retry: true });
    if (inspection.state === 'failed' || !result) throw new AppError('conflict', 'inspection_failed');
    const offered = inspection.advice.filter(({ fix }) => fix !== null).map(({ code }) => code);
    if (request.codes.some((code) => !offered.includes(code)))
      throw new AppError('invalid', 'fix_not_offered', { fields: { codes: 'fix_not_offered' } });
    Object.assign(inspection, { state: 'running', step: 'fixing' });
    const recorded = inspection.profiles.flatMap(({ stream, token }) => (stream === null ? [] : [[stream, token]]));
    const profiles = { ...(run.spare !== null && { sub: run.spare }), ...Object.fromEntries(recorded) };
    const { clock } = this.#options;
    try {
      const client = this.#client(run, result, run.abort.signal);
      await client.readClock().catch(() => null);
      const results = await applyFixes({ client, clock, profiles }, request.codes, request.ntp);
      return { results, inspection: this.get(id) };
    } finally {
      this.#inTurn(run, () => this.#inspect(run));
    }
  }

  async #inspect(run: Run): Promise<void> {
    const { inspection, abort } = run;
    const { signal } = abort;
    Object.assign(inspection, { state: 'running', errorCode: null });
    try {
      const result = await this.#probes.run(() => this.#ask(run), signal);
      run.result = result;
      if (!result) return;
      const measured = await this.#measures.run(() => this.#measure(run, result), signal);
      const details = await this.#details(run, result, measured);
      const { clockSkewMs } = result;
      Object.assign(inspection, {
        advice: adviceOf({ ...details, clockSkewMs, ...run.login }),
        state: 'done',
        step: null,
      });
    } catch (error) {
      const expected = error instanceof AppError ? error.code : null;
      if (!signal.aborted && expected === null)
        this.#options.log.error({ host: inspection.host, err: errorMessage(error) }, 'a device could not be inspected');
      Object.assign(inspection, { state: 'failed', step: null, errorCode: expected ?? 'internal' });
    }
  }

  /** Null, with the reason told, where it is no device that can be taken in. */
  async #ask(run: Run): Promise<ProbeResult | null> {
    const { inspection, login } = run;
    const fail = (errorCode: string) => {
      Object.assign(inspection, { state: 'failed', step: null, errorCode });
      return null;
    };
    const url = deviceServiceUrl(inspection.address);
    if (!url) return fail('camera_address_invalid');
    inspection.step = 'asking';
    const { clock, log, policy, limits, probeDeadlineMs: deadlineMs } = this.#options;
    const known = this.#attempts.obstacle(url.host, login.username, login.password);
    if (known) return fail(`camera_${known}`);
    // At once, and not as a camera that cannot be reached.
    const place = await resolveHost(url.hostname, policy).catch((error) => {
      if (error instanceof HostError) return error.reason;
      throw error;
    });
    if (place === 'not_allowed') return fail('camera_address_not_allowed');
    if (place === 'host_unknown') return fail('camera_host_unknown');
    const result = await probeDevice(
      { onvif: inspection.address, ...login, signal: run.abort.signal },
      { clock, log, policy, limits, deadlineMs },
    );
    const refused = result.auth.error;
    if (refused === 'bad_credentials' || refused === 'locked_out')
      this.#attempts.refused(url.host, login.username, login.password, refused);
    else if (result.auth.ok) this.#attempts.accepted(url.host);
    describe(inspection, result);
    const obstacle = onboardingObstacle(result);
    return obstacle ? fail(obstacle.code) : result;
  }

  async #measure(run: Run, result: ProbeResult): Promise<Map<StreamName, StreamSample>> {
    const { inspection, login, pictures } = run;
    inspection.step = 'measuring';
    const found = new Map<StreamName, StreamSample>();
    const wanted = inspection.profiles.flatMap((profile) =>
      profile.stream !== null && profile.rtsp !== null ? [{ profile, name: profile.stream, url: profile.rtsp }] : [],
    );
    // Some cameras serve no more than one stream at once to a stranger; ours is asked for both as it will be recorded.
    await Promise.all(
      wanted.map(async ({ profile, name, url }) => {
        try {
          await resolveHost(new URL(url).hostname, this.#options.policy);
          const sample = await this.#options.measure(
            { name, url, ...login },
            this.#options.measureMs ?? usualMeasureMs,
            run.abort.signal,
          );
          const { jpeg, ...measured } = sample;
          found.set(name, sample);
          if (jpeg) pictures.set(name, jpeg);
          profile.measured = measured;
        } catch (error) {
          run.abort.signal.throwIfAborted();
          profile.measureFailure = causeOf(error);
          if (profile.measureFailure === 'failed')
            this.#options.log.warn({ host: result.host, err: errorMessage(error) }, 'a stream could not be measured');
        }
      }),
    );
    return found;
  }

  /** What the encoders do and could do; a device that does not tell is advised without. */
  async #details(
    run: Run,
    result: ProbeResult,
    measured: ReadonlyMap<StreamName, StreamSample>,
  ): Promise<{ streams: AdvisedStream[]; spare: AdvisedStream | null }> {
    const signal = AbortSignal.any([run.abort.signal, AbortSignal.timeout(detailsMs)]);
    const advised = (profile: ProbedProfile, name: StreamName): AdvisedStream & { token: string } => ({
      ...{ name, token: profile.token, codec: profile.codec, width: profile.width, height: profile.height },
      ...{
        fps: profile.fps,
        gopFrames: profile.gop,
        measured: (profile.stream && measured.get(profile.stream)) ?? null,
      },
      ...{ encoder: null, options: [], audio: false },
    });
    const { profiles } = result;
    const streams = profiles.flatMap((profile) => (profile.stream === null ? [] : [advised(profile, profile.stream)]));
    let spare: AdvisedStream | null = null;
    run.spare = null;
    try {
      const client = this.#client(run, result, signal);
      await client.readClock();
      const settings = await EncoderSettings.open(client, (await readServices(client)).services);
      if (!settings) return { streams, spare };
      const encoders = await settings.encoders();
      const learn = async (stream: AdvisedStream & { token: string }) => {
        const found = encoders.find(({ profile }) => profile === stream.token);
        if (!found) return;
        stream.audio = found.audio;
        stream.encoder = found.state;
        if (found.state) stream.options = await this.#optionsOf(settings, stream.token, found.state.token);
      };
      for (const stream of streams) await learn(stream);
      if (streams.some(({ name }) => name === 'sub')) return { streams, spare };
      // Two profiles that share an encoder are one picture.
      const main = profiles.find(({ stream }) => stream === 'main');
      const encoderOf = (token: string) => encoders.find(({ profile }) => profile === token)?.state?.token;
      const other = profiles.find(
        (profile) =>
          main !== undefined &&
          profile !== main &&
          profile.rtsp !== null &&
          profile.sourceToken === main.sourceToken &&
          encoderOf(profile.token) !== undefined &&
          encoderOf(profile.token) !== encoderOf(main.token),
      );
      if (!other) return { streams, spare };
      const candidate = advised(other, 'sub');
      await learn(candidate);
      spare = candidate;
      run.spare = other.token;
    } catch (error) {
      run.abort.signal.throwIfAborted();
      if (!(error instanceof OnvifError)) throw error;
    }
    return { streams, spare };
  }

  #optionsOf(settings: EncoderSettings, profile: string, encoder: string) {
    return settings.options(profile, encoder).catch((error) => {
      if (error instanceof OnvifError && error.failure !== 'aborted' && error.failure !== 'timeout') return [];
      throw error;
    });
  }

  #client(run: Run, result: ProbeResult, signal: AbortSignal): DeviceClient {
    const { clock, policy, limits } = this.#options;
    const { certificateSha256 } = result;
    const options = { url: new URL(result.onvif), clock, policy, certificateSha256, signal, ...(limits && { limits }) };
    return new DeviceClient({ ...options, ...run.login });
  }

  #inTurn(run: Run, work: () => Promise<void>): void {
    run.turn = run.turn.then(work).catch(() => {});
  }

  #find(id: string): Run {
    this.#forgetOld();
    const run = this.#runs.get(id);
    if (!run) throw new AppError('not_found', 'inspection_unknown');
    return run;
  }

  #forgetOld(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const [id, run] of this.#runs) {
      const over = nowMs >= run.inspection.expiresAtMs || this.#runs.size > mostKept;
      if (!over) continue;
      run.abort.abort();
      this.#runs.delete(id);
    }
  }
}

function describe(inspection: Inspection, result: ProbeResult): void {
  const { device, profiles } = result;
  Object.assign(inspection, {
    ...{ onvif: result.onvif, host: result.host, name: result.scopes.name, simulated: result.scopes.simulated },
    device: device && {
      ...{ manufacturer: device.manufacturer, model: device.model, firmware: device.firmware, serial: device.serial },
    },
    ...{ clockSkewMs: result.clockSkewMs, ptz: result.ptz, events: result.events, snapshot: result.snapshot !== null },
    certificateSha256: result.certificateSha256,
    profiles: profiles.map(({ token, name, stream, codec, width, height, fps, gop, rtsp }): InspectedProfile => {
      const told: { codec: Codec; width: number; height: number } = { codec, width, height };
      return { token, name, stream, ...told, fps, gopFrames: gop, rtsp, measured: null, measureFailure: null };
    }),
  });
}

function causeOf(error: unknown): string {
  if (error instanceof HostError) return error.reason === 'not_allowed' ? 'address_not_allowed' : 'name_unknown';
  return error instanceof AppError ? String(error.params.cause ?? error.code) : 'failed';
}
