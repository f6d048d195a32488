import type { CameraStream } from '../contracts/cameras.ts';
import type { StreamName } from '../contracts/common.ts';
import type { Completeness } from '../contracts/completeness.ts';
import type { RecorderHealth, SelfCheck, SelfCheckProgress, VolumeHealth } from '../contracts/health.ts';
import type { GapReason } from '../contracts/timeline.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, errorMessage } from '../platform/errors.ts';
import { Events } from '../platform/events.ts';
import type { Logger } from '../platform/log.ts';
import type { ArchiveIndex } from './archive/archive-index.ts';
import { isCameraId, parseRecordingPath } from './archive/paths.ts';
import { diskReason } from './archive/stream-writer.ts';
import type { VolumeAlarm, Volumes } from './archive/volumes.ts';
import type { ClipMaker } from './clip/clip-maker.ts';
import { Clips } from './clip/clips.ts';
import { ArchiveReader } from './playback/archive-reader.ts';
import { completenessByDay } from './playback/completeness.ts';
import { StillCache } from './playback/still-cache.ts';
import { buildTimeline, type TimelineInput } from './playback/timeline.ts';
import type * as door from './recorder.ts';
import { Samples } from './sample/samples.ts';
import { type FfmpegSettings, renderStill } from './stream/ffmpeg.ts';
import { concatScript } from './stream/ffmpeg-arguments.ts';
import { measureStream } from './stream/measure.ts';
import { type FindHost, placeOf as placeOfSource } from './stream/place.ts';
import { StartGate } from './stream/start-gate.ts';
import { type StreamHost, StreamRecorder } from './stream-recorder.ts';
import { LiveTranscodes } from './transcode/live-transcodes.ts';
import { isH264, SegmentTranscoder } from './transcode/segment-transcoder.ts';
import { TranscodeSlots } from './transcode/transcode-slots.ts';
import { isTranscoded } from './transcode/transcoded-name.ts';

/** A report over more than this is refused. */
const longestReportMs = 400 * 24 * 3_600_000;

export interface LocalRecorderParts {
  volumes: Volumes;
  index: ArchiveIndex;
  clock: Clock;
  log: Logger;
  ffmpeg: FfmpegSettings;
  fileMs: number;
  stillMs: number;
  startsAtOnce: number;
  findHost?: FindHost | undefined;
  /** Result of the last look at the archive. */
  selfCheck?: () => SelfCheck | null;
  selfChecks?: { readonly progress: SelfCheckProgress | null; begin(): void; cancel(): Promise<void> };
  retention?: RecorderHealth['retention'];
  holdsKnown?: () => void;
  clips: (stopping: AbortSignal) => ClipMaker;
  /** Transcodes at once, live and playback together, and how long one goes on that nobody watches. */
  transcodes: number;
  transcodeIdleMs: number;
  /** Ends what was started around the recorder, once every stream is closed. */
  close(): Promise<void>;
}

/** The recorder in this process. See `recorder.ts` for what each method promises. */
export class LocalRecorder implements door.Recorder {
  readonly #parts: LocalRecorderParts;
  readonly #events: Events<door.RecorderEvents>;
  readonly #host: StreamHost;
  readonly #archive: ArchiveReader;
  readonly #stills: StillCache;
  readonly #clips: Clips;
  readonly #samples: Samples;
  readonly #liveTranscodes: LiveTranscodes;
  readonly #segments: SegmentTranscoder;
  readonly #cameras = new Map<string, Map<StreamName, StreamRecorder>>();
  readonly #alarms = new Map<string, { code: string; sinceMs: number; detail: string; streams: Set<StreamRecorder> }>();
  /** Since when the picture of a stream is known to be frozen. */
  readonly #frozen = new Map<StreamRecorder, number>();
  /** Changes of one camera follow each other. */
  readonly #changes = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | null = null;

  constructor(parts: LocalRecorderParts) {
    const { volumes, index, clock, log, ffmpeg, fileMs, stillMs, findHost } = parts;
    this.#parts = parts;
    this.#events = new Events(log);
    const gate = new StartGate(parts.startsAtOnce);
    const disk = (stream: StreamRecorder, error: Error | null) => this.#diskAlarm(stream, error);
    const frozen = (stream: StreamRecorder, is: boolean) => this.#frozenAlarm(stream, is);
    this.#host = {
      volumes,
      index,
      clock,
      log,
      ffmpeg,
      gate,
      fileMs,
      stillMs,
      findHost,
      events: this.#events,
      disk,
      frozen,
    };
    this.#archive = new ArchiveReader(
      volumes,
      index,
      (id, name) => this.#find(id, name)?.writer.openRecordings() ?? [],
    );
    const slots = new TranscodeSlots(parts.transcodes);
    this.#liveTranscodes = new LiveTranscodes({ ffmpeg, slots, clock, log, idleMs: parts.transcodeIdleMs });
    this.#segments = new SegmentTranscoder(this.#archive, slots, ffmpeg, this.#stopping.signal);
    this.#clips = new Clips(this.#archive, parts.clips(this.#stopping.signal));
    this.#samples = new Samples({
      ffmpeg,
      log,
      stopping: this.#stopping.signal,
      newest: (id, name) => {
        const window = this.#find(id, name)?.window;
        return window?.live ? window.newestKeyframe() : null;
      },
    });
    this.#stills = new StillCache((media) => renderStill(ffmpeg, media), this.#stopping.signal);
  }

  async putCamera(camera: door.RecorderCamera): Promise<void> {
    if (!isCameraId(camera.id)) throw new AppError('invalid', 'camera_id_invalid');
    for (const source of camera.streams) concatScript(source);
    await this.#change(camera.id, async () => {
      const streams = this.#cameras.get(camera.id) ?? new Map<StreamName, StreamRecorder>();
      this.#cameras.set(camera.id, streams);
      const gone = [...streams.values()].filter(
        (stream) => !camera.streams.some((source) => source.name === stream.name),
      );
      await Promise.all(gone.map((stream) => stream.stop('planned')));
      await Promise.all(gone.map((stream) => this.#liveTranscodes.end(`${camera.id}/${stream.name}`)));
      for (const stream of gone) streams.delete(stream.name);
      await Promise.all(
        camera.streams.map(async (source) => {
          const stream = streams.get(source.name) ?? new StreamRecorder(this.#host, camera.id, source.name);
          streams.set(source.name, stream);
          await (camera.enabled ? stream.record({ ...source }) : stream.stop('planned'));
        }),
      );
    });
  }

  async removeCamera(cameraId: string): Promise<void> {
    await this.#change(cameraId, async () => {
      const streams = [...(this.#cameras.get(cameraId)?.values() ?? [])];
      await Promise.all(streams.map((stream) => stream.stop('planned')));
      await Promise.all(streams.map((stream) => this.#liveTranscodes.end(`${cameraId}/${stream.name}`)));
      this.#cameras.delete(cameraId);
    });
  }

  async states(): Promise<door.RecorderCameraState[]> {
    return [...this.#cameras].map(([cameraId, streams]) => ({
      cameraId,
      streams: [...streams.values()].map((s) => s.state),
    }));
  }

  async streamMetrics(): Promise<door.RecorderStreamMetrics[]> {
    return [...this.#cameras.values()].flatMap((streams) => [...streams.values()].map((stream) => stream.metrics));
  }

  async livePlaylist(cameraId: string, stream: StreamName, request: door.LivePlaylistRequest): Promise<string> {
    const running = this.#running(cameraId, stream);
    if (request.as === undefined || running.state.codec === request.as) return running.window.playlist(request);
    if (!running.window.live) throw new AppError('unavailable', 'stream_not_live');
    return (await this.#liveTranscodes.of(`${cameraId}/${stream}`, running.window)).playlist(request);
  }

  async liveResource(cameraId: string, stream: StreamName, name: string): Promise<door.MediaBytes> {
    const { window } = this.#running(cameraId, stream);
    const from = isTranscoded(name) ? await this.#liveTranscodes.running(`${cameraId}/${stream}`) : window;
    const bytes = await from.resource(name);
    return { contentType: 'video/mp4', bytes, totalBytes: bytes.length, immutable: true };
  }

  async livePush(cameraId: string, stream: StreamName, viewer: door.PushViewer, as?: 'h264'): Promise<() => void> {
    const running = this.#running(cameraId, stream);
    if (!running.window.live) throw new AppError('unavailable', 'stream_not_live');
    if (as === undefined || running.state.codec === as) return running.push.follow(viewer);
    return (await this.#liveTranscodes.of(`${cameraId}/${stream}`, running.window)).push.follow(viewer);
  }

  async timeline(cameraId: string, stream: StreamName, fromMs: number, toMs: number): Promise<door.RecordedTimeline> {
    const timeline = buildTimeline(this.#accounts(cameraId, stream, fromMs, toMs), fromMs, toMs);
    const offline = this.#offline(cameraId, stream, fromMs, toMs);
    return offline.length === 0 ? timeline : { ...timeline, offline };
  }

  async completeness(cameraId: string, stream: StreamName, fromMs: number, toMs: number): Promise<Completeness> {
    this.#known(cameraId, stream);
    if (toMs - fromMs > longestReportMs) throw new AppError('invalid', 'period_too_long');
    return completenessByDay(fromMs, toMs, (from, to) => this.#accounts(cameraId, stream, from, to));
  }

  /** What is recorded in [fromMs, toMs) on volumes that are offline now. */
  #offline(cameraId: string, stream: StreamName, fromMs: number, toMs: number): [number, number][] {
    const { index, volumes } = this.#parts;
    const ids = volumes.offlineIds();
    const row = ids.length === 0 ? null : index.findStream(cameraId, stream);
    if (row === null) return [];
    const spans = index.spansOn(ids, row.id, fromMs, toMs);
    return buildTimeline({ spans, gaps: [], sinceMs: null, untilMs: toMs }, fromMs, toMs).recorded;
  }

  /** What index and open files say of [fromMs, toMs). */
  #accounts(cameraId: string, stream: StreamName, fromMs: number, toMs: number): TimelineInput {
    const { index, clock } = this.#parts;
    const row = index.findStream(cameraId, stream);
    const running = this.#find(cameraId, stream);
    const open = running?.writer.openRecordings() ?? [];
    const overlapping = open.filter((file) => file.endMs > fromMs && file.startMs < toMs);
    const spans = [...(row === null ? [] : index.spans(row.id, fromMs, toMs)), ...overlapping].sort(
      (a, b) => a.startMs - b.startMs,
    );
    const gaps = row === null ? [] : index.gaps(row.id, fromMs, toMs);
    const recording = running?.state.state === 'recording';
    const lastFrameMs = recording ? (open.at(-1)?.endMs ?? running.writer.knownMs) : null;
    const untilMs = lastFrameMs ?? clock.nowMs();
    return { spans, gaps, sinceMs: row?.sinceMs ?? null, untilMs };
  }

  async vodPlaylist(cameraId: string, stream: StreamName, fromMs: number, toMs: number, as?: 'h264'): Promise<string> {
    this.#known(cameraId, stream);
    const playlist = this.#archive.vodPlaylist(cameraId, stream, fromMs, toMs);
    return as === undefined ? playlist : this.#segments.playlist(cameraId, stream, playlist);
  }

  async recordedBytes(
    cameraId: string,
    stream: StreamName,
    file: string,
    range: door.ByteRange | null,
  ): Promise<door.MediaBytes> {
    this.#known(cameraId, stream);
    if (isTranscoded(file)) return this.#segments.bytes(cameraId, stream, file, range);
    return this.#archive.range(cameraId, stream, file, range);
  }

  async recordedFileTime(
    cameraId: string,
    stream: StreamName,
    file: string,
  ): Promise<{ fromMs: number; toMs: number }> {
    if (isTranscoded(file)) return this.#segments.time(cameraId, stream, file);
    return this.#archive.fileTime(cameraId, stream, file);
  }

  async keyframe(cameraId: string, stream: StreamName, atMs: number, as?: 'h264'): Promise<door.Keyframe> {
    this.#known(cameraId, stream);
    const keyframe = await this.#archive.keyframe(cameraId, stream, atMs);
    if (as === undefined || isH264(keyframe.codecString)) return keyframe;
    return this.#segments.picture(`${cameraId}/${stream}`, keyframe);
  }

  async clip(
    cameraId: string,
    stream: StreamName,
    fromMs: number,
    toMs: number,
    options: door.ClipOptions,
  ): Promise<door.Clip> {
    this.#known(cameraId, stream);
    const timeline = () => this.timeline(cameraId, stream, fromMs, toMs);
    return this.#clips.clip(cameraId, stream, fromMs, toMs, options, timeline);
  }

  async still(cameraId: string, stream: StreamName, atMs?: number): Promise<{ jpeg: Uint8Array; mediaTimeMs: number }> {
    this.#known(cameraId, stream);
    const key = `${cameraId}/${stream}`;
    const live = this.#find(cameraId, stream)?.window.newestKeyframe() ?? null;
    if (live !== null && (atMs === undefined || atMs >= live.mediaTimeMs)) {
      return this.#stills.still(key, live.mediaTimeMs, async () => live.bytes());
    }
    const wantedMs = atMs ?? this.#parts.clock.nowMs();
    const place = this.#archive.keyframePlace(cameraId, stream, wantedMs);
    if (place === null) throw new AppError('not_found', 'nothing_recorded');
    return this.#stills.still(
      key,
      place.mediaTimeMs,
      async () => (await this.#archive.keyframe(cameraId, stream, wantedMs)).bytes,
    );
  }

  async samples(places: readonly door.StreamPlace[]): Promise<door.PictureSample[]> {
    return this.#samples.take(places);
  }

  async measure(source: door.RecorderSource, forMs: number, signal: AbortSignal): Promise<door.MeasuredSource> {
    const { ffmpeg, clock } = this.#parts;
    const until = AbortSignal.any([signal, this.#stopping.signal]);
    const placed = await placeOfSource(source, this.#parts.findHost);
    if ('cause' in placed) throw new AppError('unavailable', 'stream_unmeasured', { params: { cause: placed.cause } });
    const { picture, ...measured } = await measureStream(ffmpeg, placed.source, { forMs, clock, signal: until });
    return { ...measured, jpeg: await renderStill(ffmpeg, picture).catch(() => null) };
  }

  async hold(owner: string, cameraId: string, fromMs: number, toMs: number): Promise<void> {
    this.#parts.index.putHold({ owner, cameraId, fromMs, toMs });
  }

  async release(owner: string): Promise<void> {
    this.#parts.index.dropHolds(owner);
  }

  async holdsKnown(): Promise<void> {
    this.#parts.holdsKnown?.();
  }

  async oldest(cameraId: string): Promise<{ name: StreamName; oldestMs: number | null }[]> {
    return this.#parts.index.oldestByStream(cameraId);
  }

  async health(): Promise<RecorderHealth> {
    const { index, clock, volumes } = this.#parts;
    const streams = [...this.#cameras.values()].flatMap((camera) => [...camera.values()]);
    const all = volumes.health();
    const recording = streams.filter((stream) => stream.state.state === 'recording').length;
    return {
      atMs: clock.nowMs(),
      streams: { total: streams.length, recording },
      archive: { ...index.totals(), freeBytes: freeBytes(all) },
      volumes: all,
      selfCheck: this.#parts.selfCheck?.() ?? null,
      selfCheckProgress: this.#parts.selfChecks?.progress ?? null,
      ...(this.#parts.retention && { retention: this.#parts.retention }),
      alarms: [
        ...[...this.#parts.volumes.alarms, ...this.#alarms.values()].map(({ code, sinceMs, detail }) => ({
          code,
          sinceMs,
          detail,
        })),
        ...[...this.#frozen].map(([stream, sinceMs]) => ({ code: 'picture_frozen', sinceMs, detail: placeOf(stream) })),
      ],
    };
  }

  async startSelfCheck(): Promise<void> {
    this.#parts.selfChecks?.begin();
  }

  async stopSelfCheck(): Promise<void> {
    await this.#parts.selfChecks?.cancel();
  }

  /** An alarm that no stream met, on until `clear`. */
  raise(code: string, detail: string): void {
    const alarm = this.#alarms.get(code);
    if (alarm !== undefined) {
      alarm.detail = detail;
      return;
    }
    this.#alarms.set(code, { code, sinceMs: this.#parts.clock.nowMs(), detail, streams: new Set() });
    this.#events.emit('alarm', { code, active: true, detail });
  }

  clear(code: string): void {
    const alarm = this.#alarms.get(code);
    if (alarm === undefined) return;
    this.#alarms.delete(code);
    this.#events.emit('alarm', { code, active: false, detail: alarm.detail });
  }

  /** Whether a file below the archive is being written, so that no row can name it yet. */
  isOpen(path: string): boolean {
    const name = parseRecordingPath(path);
    const stream = name === null ? undefined : this.#find(name.cameraId, name.stream);
    // One that has no fragment yet is newer than all that is known.
    return (
      name !== null &&
      stream !== undefined &&
      name.startMs >= (stream.writer.openRecordings()[0]?.startMs ?? stream.writer.knownMs ?? 0)
    );
  }

  on<K extends keyof door.RecorderEvents>(name: K, listener: (payload: door.RecorderEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#liveTranscodes.stop();
    await Promise.allSettled(this.#changes.values());
    const streams = [...this.#cameras.values()].flatMap((camera) => [...camera.values()]);
    const reason = ({ state, cause }: CameraStream): GapReason => {
      if (state !== 'stopped') return 'server_stopped';
      return cause === 'schedule' ? 'schedule' : 'planned';
    };
    await Promise.all(streams.map((stream) => stream.stop(reason(stream.state))));
    await this.#parts.close();
  }

  async #change(cameraId: string, work: () => Promise<void>): Promise<void> {
    if (this.#stopped !== null) throw new AppError('unavailable', 'recorder_stopped');
    const before = this.#changes.get(cameraId) ?? Promise.resolve();
    const done = before.catch(() => {}).then(work);
    this.#changes.set(cameraId, done);
    await done;
  }

  #find(cameraId: string, stream: StreamName): StreamRecorder | undefined {
    return this.#cameras.get(cameraId)?.get(stream);
  }

  #running(cameraId: string, stream: StreamName): StreamRecorder {
    const found = this.#find(cameraId, stream);
    if (found === undefined) throw new AppError('not_found', 'camera_unknown');
    return found;
  }

  /** Footage of a removed camera can still be played. */
  #known(cameraId: string, stream: StreamName): void {
    if (this.#find(cameraId, stream) === undefined && this.#parts.index.findStream(cameraId, stream) === null) {
      throw new AppError('not_found', 'camera_unknown');
    }
  }

  /** An alarm of the volumes began or ended. */
  volumeAlarm({ code, detail }: VolumeAlarm, active: boolean): void {
    this.#events.emit('alarm', { code, active, detail });
  }

  /** One alarm for the disk, whichever streams meet it first; it ends when all of them can write again. */
  #diskAlarm(stream: StreamRecorder, error: Error | null): void {
    if (error === null) {
      for (const alarm of this.#alarms.values()) {
        if (alarm.streams.delete(stream) && alarm.streams.size === 0) {
          this.#alarms.delete(alarm.code);
          this.#events.emit('alarm', { code: alarm.code, active: false, detail: alarm.detail });
        }
      }
      return;
    }
    // Where no volume takes files, the volumes raise the alarm.
    if (this.#parts.volumes.forNewFile() === null) return;
    const code = diskReason(error);
    const alarm = this.#alarms.get(code);
    if (alarm !== undefined) {
      alarm.streams.add(stream);
      return;
    }
    const detail = errorMessage(error);
    this.#alarms.set(code, { code, sinceMs: this.#parts.clock.nowMs(), detail, streams: new Set([stream]) });
    this.#events.emit('alarm', { code, active: true, detail });
  }

  #frozenAlarm(stream: StreamRecorder, active: boolean): void {
    if (active) this.#frozen.set(stream, this.#parts.clock.nowMs());
    else this.#frozen.delete(stream);
    const { cameraId, name } = stream;
    this.#events.emit('alarm', { code: 'picture_frozen', active, detail: placeOf(stream), cameraId, stream: name });
  }
}

const placeOf = (stream: StreamRecorder) => `${stream.cameraId}/${stream.name}`;

/** Volumes may share a file system; each of them then shows the same free space, which is there once. */
function freeBytes(volumes: readonly VolumeHealth[]): number {
  const there = volumes.filter(({ state }) => state !== 'offline');
  const free = new Map(there.map((volume) => [volume.fileSystem ?? volume, volume.freeBytes]));
  return [...free.values()].reduce((sum, bytes) => sum + bytes, 0);
}
