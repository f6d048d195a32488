import type { CameraStream, Codec, StreamState } from '../contracts/cameras.ts';
import type { StreamName, Stretch } from '../contracts/common.ts';
import type { Completeness } from '../contracts/completeness.ts';
import type { RecorderHealth } from '../contracts/health.ts';
import type { Gap, GapReason } from '../contracts/timeline.ts';

/**
 * The one door between the recorder and everything else. It knows cameras and time, and no people. Plain data goes in and
 * out, so that a recorder on another machine can stand behind the same interface. All times are UTC epoch ms.
 * Errors are `AppError`s; their codes stand at each method.
 */
export interface Recorder {
  /** Adds a camera or changes it; streams whose source changed are restarted, others go on undisturbed. */
  putCamera(camera: RecorderCamera): Promise<void>;
  /** Stops the streams. Footage stays until retention takes it. */
  removeCamera(cameraId: string): Promise<void>;
  /** Present state of all streams of all cameras. */
  states(): Promise<RecorderCameraState[]>;
  /** Counters of all streams. */
  streamMetrics(): Promise<RecorderStreamMetrics[]>;

  /**
   * LL-HLS media playlist of a stream's live window (RFC 8216bis). With `msn` (and `part`) the answer waits until that
   * segment or part is there (blocking playlist reload, section 6.2.5.2), at most three target durations.
   * With `as: 'h264'` a stream of another codec is transcoded, once for all who watch it, until 10 s after the last of them.
   * Errors: `camera_unknown`, `stream_not_live`, `playlist_request_invalid` (400), `playlist_timeout` (503), `transcodes_busy` (503).
   */
  livePlaylist(cameraId: string, stream: StreamName, request: LivePlaylistRequest): Promise<string>;
  /** One resource that the live playlist names (an init, a part or a segment). Errors: `camera_unknown`, `media_gone`. */
  liveResource(cameraId: string, stream: StreamName, name: string): Promise<MediaBytes>;
  /**
   * The push stream: tells `viewer` the init and the parts from the newest keyframe on, then every part as it comes, through restarts of the
   * stream of up to 8 s. Returns the function that ends it. With `as: 'h264'` as for `livePlaylist`.
   * Errors: `camera_unknown`, `stream_not_live`, `transcodes_busy`.
   */
  livePush(cameraId: string, stream: StreamName, viewer: PushViewer, as?: 'h264'): Promise<() => void>;

  /**
   * Recorded stretches and gaps in [fromMs, toMs): sorted, disjoint, cut to the range; every second up to now (while recording: up to
   * the last frame on disk) is in one of them. Time before the stream was first asked for is a gap of reason `schedule`.
   */
  timeline(cameraId: string, stream: StreamName, fromMs: number, toMs: number): Promise<RecordedTimeline>;
  /**
   * How much of [fromMs, toMs) was to be recorded up to now, how much is, and why the rest is not. Errors: `camera_unknown`,
   * `period_too_long` (400 days).
   */
  completeness(cameraId: string, stream: StreamName, fromMs: number, toMs: number): Promise<Completeness>;
  /**
   * VOD playlist over [fromMs, toMs) by byte ranges of recording files, EXT-X-PROGRAM-DATE-TIME at each discontinuity,
   * EXT-X-DISCONTINUITY at gaps and changes of init; media time runs on over all of them. `EXT-X-START` points at fromMs.
   * What lies on a volume that is offline is left out.
   * Errors: `camera_unknown`, `nothing_recorded`, `range_invalid`, `range_too_long` (24 h), `volume_offline` (all of it).
   * With `as: 'h264'` what is of another codec is named as segments that are transcoded when they are asked for.
   */
  vodPlaylist(cameraId: string, stream: StreamName, fromMs: number, toMs: number, as?: 'h264'): Promise<string>;
  /** Bytes [start, end] (inclusive) of a recording file that a VOD playlist names by its file name. Errors: `camera_unknown`, `media_gone`, `volume_offline`. */
  recordedBytes(cameraId: string, stream: StreamName, file: string, range: ByteRange | null): Promise<MediaBytes>;
  /**
   * Time that a recording file covers, from its index row: what the guard of a clip checks; and its SHA-256, null while it is being written.
   * Errors: `media_gone`.
   */
  recordedFileTime(
    cameraId: string,
    stream: StreamName,
    file: string,
  ): Promise<{ fromMs: number; toMs: number; sha256?: string | null }>;
  /** Init and the one fragment that starts at the last keyframe at or before `atMs` (recorded or live). Errors: `camera_unknown`, `nothing_recorded`. */
  keyframe(cameraId: string, stream: StreamName, atMs: number, as?: 'h264'): Promise<Keyframe>;
  /**
   * An MP4 file of [fromMs, toMs) with its index in front, over file boundaries; gaps are left out and listed. `gop`: from the last keyframe
   * at or before `fromMs` to the first at or after `toMs`, every frame as it was recorded. `frame`: the very frames; the first group of pictures is
   * encoded anew, or all of it (H.265, MJPEG, reordered frames). All of it also where the format changes. At most 4 h, 1 h when all is encoded.
   * Errors: `camera_unknown`, `nothing_recorded`, `range_invalid`, `clip_too_long`, `clips_busy`, `clip_no_space`, `clip_failed`,
   * `clip_cancelled`, `media_gone` (retention took a file meanwhile), `volume_offline` (all of it).
   */
  clip(cameraId: string, stream: StreamName, fromMs: number, toMs: number, options: ClipOptions): Promise<Clip>;
  /** JPEG of the last keyframe at or before `atMs`, or of the newest one. Errors: `camera_unknown`, `nothing_recorded`, `still_failed`, `stills_busy`. */
  still(cameraId: string, stream: StreamName, atMs?: number): Promise<{ jpeg: Uint8Array; mediaTimeMs: number }>;

  /**
   * Small pictures of the newest keyframes that are in memory, at most 16 streams at once, for whoever judges what cameras see; streams that
   * are not live are missing from the answer. Errors: `samples_too_many`, `still_failed`.
   */
  samples(places: readonly StreamPlace[]): Promise<PictureSample[]>;

  /**
   * Reads a stream that is not recorded (yet) for `forMs` of video, twice that where no second keyframe has come, and says what it is like,
   * with the JPEG of its first picture (null where that cannot be made). Errors: `stream_unmeasured` with a stream's cause in
   * `params.cause`, `source_invalid`; the signal's reason.
   */
  measure(source: RecorderSource, forMs: number, signal: AbortSignal): Promise<MeasuredSource>;

  /** Keeps a stretch of all streams of a camera from deletion, whatever retention says, until `release`. `owner` names the reason, e.g. `incident:abc`. Idempotent. */
  hold(owner: string, cameraId: string, fromMs: number, toMs: number): Promise<void>;
  release(owner: string): Promise<void>;
  /**
   * To be called once after every start, when everything that must stay has been held again: an index that was made anew may have lost holds,
   * and deletes nothing until then.
   */
  holdsKnown(): Promise<void>;

  health(): Promise<RecorderHealth>;
  /** Begins a self-check of the archive, or joins the one that is under way; `health` tells how far it is and what it found. */
  startSelfCheck(): Promise<void>;
  /** Ends a self-check that is under way; what it has found is dropped. */
  stopSelfCheck(): Promise<void>;
  /** News as typed events; returns the function that ends the subscription. */
  on<K extends keyof RecorderEvents>(name: K, listener: (payload: RecorderEvents[K]) => void): () => void;
  /** When the oldest closed recording of each stream of a camera begins; empty for a camera that was never recorded. */
  oldest(cameraId: string): Promise<{ name: StreamName; oldestMs: number | null }[]>;
  /** Ends every stream, closes every open file with its index row, and returns when no ffmpeg is left. */
  stop(): Promise<void>;
}

export interface RecorderCamera {
  id: string;
  enabled: boolean;
  streams: RecorderSource[];
}

export interface RecorderSource {
  name: StreamName;
  /** rtsp or rtsps address without user info. */
  url: string;
  username: string;
  password: string;
  /** Sound is recorded too: AAC as it comes, anything else as AAC. Off unless told. */
  audio?: boolean;
  /** When to record; continuously unless told. Outside its stretches a stream is `stopped` with the cause `schedule`. */
  schedule?: RecordingSchedule;
}

/** Stretches are sorted and disjoint. They should begin some days ago, so that a time without the server can be judged, and reach days ahead. */
export type RecordingSchedule = 'continuous' | { stretches: Stretch[] };

/** Counts since the recorder started. */
export interface RecorderStreamMetrics {
  cameraId: string;
  stream: StreamName;
  state: StreamState;
  fragments: number;
  frames: number;
  /** Of video as received. */
  bytes: number;
  /** When the last frame arrived; null before the first. */
  lastFrameMs: number | null;
  /** Runs that ended by themselves, by cause: each is followed by a restart. */
  failures: Record<string, number>;
  /** By how much the latest frames came later than their timestamps say; null while there are none. */
  driftMs: number | null;
}

export interface RecorderCameraState {
  cameraId: string;
  streams: CameraStream[];
}

export interface LivePlaylistRequest {
  /** The codec that the viewer can decode, when it is not the stream's. */
  as?: 'h264';
  msn?: number;
  part?: number;
  /** A delta update, where there is something to leave out (`_HLS_skip`, RFC 8216bis 6.2.5.1). */
  skip?: boolean;
}

/** Who takes the push stream of one camera. Its methods return at once. */
export interface PushViewer {
  /** A run begins: `ftyp` and `moov`; media time begins anew with every one. */
  init(bytes: Uint8Array, codecString: string): void;
  part(part: PushPart): void;
  /** Nothing more comes. */
  end(): void;
  /** One of the other methods threw. */
  failed(error: unknown): void;
}

/** `prft`, `moof` and `mdat` of about 200 ms of frames; the same bytes for all viewers. */
export interface PushPart {
  bytes: Uint8Array;
  /** Begins with a keyframe. */
  independent: boolean;
  fromMs: number;
  toMs: number;
}

export interface ByteRange {
  start: number;
  end: number;
}

export interface MediaBytes {
  contentType: 'video/mp4';
  bytes: Uint8Array;
  /** What follows `bytes`, where that is not all: read piece by piece as it is taken. Errors as of the call. */
  rest?: AsyncIterable<Uint8Array>;
  /** The size of the whole resource, for Content-Range. */
  totalBytes: number;
  /** Never changes under this name, so that caches may keep it. */
  immutable: boolean;
}

export interface Keyframe {
  bytes: Uint8Array;
  mediaTimeMs: number;
  codecString: string;
}

export interface StreamPlace {
  cameraId: string;
  stream: StreamName;
}

export interface PictureSample extends StreamPlace {
  mediaTimeMs: number;
  width: number;
  height: number;
  /** Row by row, one byte a pixel: 16 is black, 235 white. */
  grey: Uint8Array;
  /** How far the colours are from grey, in the mean, of 128 at most: next to nothing in the infrared. */
  colour: number;
}

export interface MeasuredSource {
  codec: Codec;
  width: number;
  height: number;
  fps: number | null;
  /** From keyframe to keyframe, in the mean; null where fewer than two came, and `gopLongerThanMs` says how long none came. */
  gopFrames: number | null;
  gopMs: number | null;
  gopLongerThanMs: number | null;
  kilobitsPerSecond: number | null;
  measuredMs: number;
  jpeg: Uint8Array | null;
}

export interface ClipOptions {
  exact: 'gop' | 'frame';
  /** The caller goes: the making ends and leaves nothing behind. */
  signal?: AbortSignal;
}

export interface Clip {
  contentType: 'video/mp4';
  totalBytes: number;
  /** Of the video in the file; with the stretches that are missing it makes up what was asked for. */
  durationMs: number;
  /** Time of the first frame and of the end of the last one. */
  fromMs: number;
  toMs: number;
  missing: ClipMissing[];
  reencoded: 'none' | 'edges' | 'all';
  /** To be read once; the file behind it is removed at the end of the reading, whichever way that comes. */
  bytes: AsyncIterable<Uint8Array>;
  /** Instead of reading. */
  discard(): Promise<void>;
}

export interface ClipMissing {
  fromMs: number;
  toMs: number;
  reason: GapReason | 'volume_offline' | 'not_yet_recorded';
}

export interface RecordedTimeline {
  recorded: [number, number][];
  /** Of what is recorded: what lies on a volume that is offline now, so that it cannot be played. Missing when there is none. */
  offline?: [number, number][];
  gaps: Gap[];
}

export interface RecorderEvents {
  'stream.state': {
    cameraId: string;
    stream: CameraStream;
    previous: StreamState;
  };
  'gap.closed': { cameraId: string; stream: StreamName; fromMs: number; toMs: number; reason: GapReason };
  /** A recording file was closed and indexed. */
  'file.closed': { cameraId: string; stream: StreamName; fromMs: number; toMs: number };
  /** `disk_full`, `disk_error` … of the archive; `picture_frozen` of one stream: its camera answers, and the picture has not changed for a minute. */
  alarm: { code: string; active: boolean; detail: string; cameraId?: string; stream?: StreamName };
}
