import { type ClipFiles, type ClipOptions, type ClipProgress, ensureClips } from './clips.ts';
import { FRAME_MS, FRAMES_PER_SECOND, frameCount, loopNowMs } from './loop-clock.ts';
import type { CameraEvent } from './onvif/event-hub.ts';
import type { PtzHead } from './onvif/ptz-head.ts';
import { type AudioCodec, makeAudio } from './rtsp/rtp-audio.ts';
import { loadRtpClip, type RtpClip } from './rtsp/rtp-clip.ts';
import type { StreamName } from './rtsp/rtsp-server.ts';
import type { StreamQuirks } from './rtsp/stream-quirks.ts';
import { type CameraDescription, SimulatedCamera } from './simulated-camera.ts';
import { WsDiscovery } from './ws-discovery.ts';

export type { CameraDescription } from './simulated-camera.ts';

export interface FleetOptions extends ClipOptions {
  cameras: readonly CameraDescription[];
  /** Camera n gets ports basePort + 2n (ONVIF) and + 2n + 1 (RTSP) where its description names none; 0 for free ones. */
  basePort?: number;
  /** Default `.cache/clips` of the repository. */
  cacheDirectory?: string;
  /** WS-Discovery: default on, on loopback. `interfaces` are IPv4 addresses of this machine. */
  discovery?: boolean | { interfaces: readonly string[] };
  onProgress?: (progress: ClipProgress) => void;
  signal?: AbortSignal;
}

/** A camera of a running fleet. */
export interface FleetCamera {
  readonly id: string;
  readonly name: string;
  readonly unitId: string | undefined;
  readonly desk: string;
  readonly scene: CameraDescription['scene'];
  readonly username: string;
  readonly password: string;
  /** `http://127.0.0.1:PORT/onvif/device_service` */
  readonly onvif: string;
  /** Without credentials. */
  readonly rtsp: { readonly main: string; readonly sub: string };
  /** `urn:uuid:…`, the same after every start. */
  readonly endpointReference: string;
  /** Where it looks and whether it moves; null on a fixed camera. */
  readonly ptz: PtzHead | null;
  /** As when unplugged: listeners closed, sockets cut, no more discovered. */
  disconnect(): Promise<void>;
  /** On the same ports as before. */
  reconnect(): Promise<void>;
  setPassword(password: string): void;
  /** Keeps connections open without sending; false lets it go on. */
  freeze(frozen: boolean): void;
  /** As behind a cable that is cut: connections stay, nothing is sent, read, answered or closed; false cuts them off and goes on. */
  hang(hung: boolean): void;
  /** Tells its subscribers of an event. */
  tell(event: CameraEvent): void;
  /** What goes wrong in a stream from now on; `{}` ends it. */
  misbehave(stream: StreamName, quirks: StreamQuirks): void;
  /** From its next keyframe on, the stream shows the picture of the other one, in the same session. */
  changeResolution(stream: StreamName): void;
  /** From its next keyframes on, the camera shows what another one of the fleet shows, as when somebody has turned it. */
  turnToSceneOf(id: string): void;
}

export interface Fleet {
  readonly cameras: readonly FleetCamera[];
  /** Frames in every camera's loop, for `expectedFrame`. */
  readonly loopFrames: number;
  /** Why cameras cannot be discovered, when UDP 3702 or its group could not be had. They can be reached by address. */
  readonly discoveryError: Error | undefined;
  camera(id: string): FleetCamera;
  stop(): Promise<void>;
}

/**
 * Makes the clips that are missing, then starts every camera in this process. Rejects when a clip cannot be made or a
 * port cannot be had; nothing is left running then.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const {
    cameras: descriptions,
    basePort = 0,
    loopFrames,
    codec,
    bitrate,
    cacheDirectory,
    onProgress,
    signal,
  } = options;
  const requests = descriptions.map(({ scene, encoding }) => ({ scene, loopFrames, codec, bitrate, ...encoding }));
  const files = await ensureClips(requests, { cacheDirectory, onProgress, signal });

  const cameras = await loadCameras(descriptions, files, basePort);
  try {
    await Promise.all(cameras.map((camera) => camera.connect()));
  } catch (error) {
    await Promise.all(cameras.map((camera) => camera.disconnect()));
    throw error;
  }
  const stopTicker = startTicker(cameras);
  const { discovery, error: discoveryError } = await startDiscovery(cameras, options.discovery ?? true);
  const public_ = cameras.map((camera) => fleetCamera(camera, cameras, discovery));
  return {
    cameras: public_,
    loopFrames: files[0]?.loopFrames ?? 0,
    discoveryError,
    camera: (id) => {
      const found = public_.find((camera) => camera.id === id);
      if (!found) throw new RangeError(`no simulated camera ${id}`);
      return found;
    },
    stop: async () => {
      stopTicker();
      await discovery?.stop();
      await Promise.all(cameras.map((camera) => camera.disconnect()));
    },
  };
}

/** One clip after the other: a clip's file and its packets are in memory at the same time. Equal clips are held once. */
async function loadCameras(
  descriptions: readonly CameraDescription[],
  files: readonly ClipFiles[],
  basePort: number,
): Promise<SimulatedCamera[]> {
  const loaded = new Map<string, Readonly<Record<StreamName, RtpClip>>>();
  const sounds = new Map<AudioCodec, Awaited<ReturnType<typeof makeAudio>>>();
  const cameras: SimulatedCamera[] = [];
  for (const [index, description] of descriptions.entries()) {
    const clip = files[index];
    if (!clip) throw new Error(`no clip for camera ${description.id}`);
    const streams = loaded.get(clip.directory) ?? {
      main: await loadRtpClip(clip.main, clip.codec, clip.loopFrames, clip.bFrames),
      sub: await loadRtpClip(clip.sub, clip.codec, clip.loopFrames, clip.bFrames),
    };
    loaded.set(clip.directory, streams);
    const { audio } = description;
    const sound = audio === undefined ? null : (sounds.get(audio) ?? (await makeAudio(audio)));
    if (sound !== null) sounds.set(sound.codec, sound);
    cameras.push(new SimulatedCamera(withPorts(description, basePort, index), streams, sound));
  }
  return cameras;
}

function withPorts(description: CameraDescription, basePort: number, index: number): CameraDescription {
  if (basePort === 0) return description;
  return {
    ...description,
    onvifPort: description.onvifPort ?? basePort + 2 * index,
    rtspPort: description.rtspPort ?? basePort + 2 * index + 1,
  };
}

/** One timer for the frames of all cameras. Frames that came due while the process was busy are sent late, in order. */
function startTicker(cameras: readonly SimulatedCamera[]): () => void {
  let sent = frameCount(loopNowMs());
  let timer: NodeJS.Timeout;
  const tick = (): void => {
    const due = frameCount(loopNowMs());
    if (due - sent > FRAMES_PER_SECOND) {
      // Asleep for more than a second: as a camera does, skip what is past.
      for (const camera of cameras) camera.interrupt();
      sent = due - 1;
    }
    for (let count = sent + 1; count <= due; count++) {
      for (const camera of cameras) camera.send(count);
      if (count % (5 * FRAMES_PER_SECOND) === 0) for (const camera of cameras) camera.sweep(Date.now());
    }
    sent = Math.max(sent, due);
    timer = setTimeout(tick, Math.max(1, (due + 1) * FRAME_MS - loopNowMs()));
  };
  timer = setTimeout(tick, 0);
  return () => clearTimeout(timer);
}

async function startDiscovery(
  cameras: readonly SimulatedCamera[],
  wanted: boolean | { interfaces: readonly string[] },
): Promise<{ discovery: WsDiscovery | undefined; error: Error | undefined }> {
  if (wanted === false) return { discovery: undefined, error: undefined };
  const targets = () => cameras.filter((camera) => camera.connected).map((camera) => camera.discoveryTarget);
  const discovery = new WsDiscovery({ targets, ...(wanted === true ? {} : { interfaces: wanted.interfaces }) });
  try {
    await discovery.start();
    return { discovery, error: undefined };
  } catch (error) {
    return { discovery: undefined, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function fleetCamera(
  camera: SimulatedCamera,
  all: readonly SimulatedCamera[],
  discovery: WsDiscovery | undefined,
): FleetCamera {
  const { id, name, unitId, desk, scene, username } = camera.description;
  const { endpointReference, ptz } = camera;
  return {
    id,
    name,
    unitId,
    desk,
    scene,
    username,
    endpointReference,
    ptz,
    get password() {
      return camera.password;
    },
    onvif: camera.onvif,
    rtsp: camera.rtsp,
    disconnect: () => camera.disconnect(),
    reconnect: async () => {
      await camera.connect();
      await discovery?.announce('Hello', [camera.discoveryTarget]);
    },
    setPassword: (password) => camera.setPassword(password),
    freeze: (frozen) => camera.freeze(frozen),
    hang: (hung) => camera.hang(hung),
    tell: (event) => camera.tell(event),
    misbehave: (stream, quirks) => {
      camera.sources[stream].quirks = quirks;
    },
    changeResolution: (stream) =>
      camera.sources[stream].change(camera.sources[stream === 'main' ? 'sub' : 'main'].clip),
    turnToSceneOf: (other) => {
      const found = all.find(({ description }) => description.id === other);
      if (!found) throw new RangeError(`no simulated camera ${other}`);
      for (const stream of ['main', 'sub'] as const) camera.sources[stream].change(found.sources[stream].clip);
    },
  };
}
