import { createHash } from 'node:crypto';
import type { ClipOptions } from './clips.ts';
import type { Credentials } from './digest-auth.ts';
import type { DeviceModel, Quirks } from './onvif/device-model.ts';
import { PATHS, streamUri } from './onvif/device-model.ts';
import { type CameraEvent, EventHub } from './onvif/event-hub.ts';
import { OnvifDevice } from './onvif/onvif-device.ts';
import { PtzHead, type PtzOptions } from './onvif/ptz-head.ts';
import type { AudioCodec, AudioTrack } from './rtsp/rtp-audio.ts';
import type { RtpClip } from './rtsp/rtp-clip.ts';
import { RtpSource } from './rtsp/rtp-source.ts';
import { RtspServer, type StreamName } from './rtsp/rtsp-server.ts';
import type { SceneOptions } from './scenes/scene.ts';
import type { DiscoveryTarget } from './ws-discovery.ts';

export interface CameraDescription {
  /** Letters, digits, dot, dash and underscore; the endpoint reference is derived from it. */
  id: string;
  name: string;
  unitId?: string;
  desk: string;
  scene: SceneOptions;
  username: string;
  password: string;
  /** Ports; 0 or left out for any free one. */
  onvifPort?: number;
  rtspPort?: number;
  quirks?: Quirks;
  /** Set on a camera that turns or zooms. */
  ptz?: PtzOptions;
  /** Where its pictures are encoded unlike those of the rest of the fleet. */
  encoding?: ClipOptions;
  /** Sound in both streams. */
  audio?: AudioCodec;
}

const HOST = '127.0.0.1';

/** One camera: an ONVIF device and an RTSP server that show the same clip. */
export class SimulatedCamera {
  readonly description: CameraDescription;
  readonly endpointReference: string;
  readonly scopes: readonly string[];
  readonly sources: Readonly<Record<StreamName, RtpSource>>;
  /** Where it looks and whether it moves; null on a fixed camera. */
  readonly ptz: PtzHead | null;
  /** What it tells subscribers. */
  readonly events = new EventHub();
  readonly #device: OnvifDevice;
  readonly #rtsp: RtspServer;
  readonly #model: DeviceModel;
  #password: string;
  #connected = false;
  #frozen = false;

  constructor(
    description: CameraDescription,
    clips: Readonly<Record<StreamName, RtpClip>>,
    audio: AudioTrack | null = null,
  ) {
    const { id, name, desk, quirks = {} } = description;
    this.description = description;
    this.#password = description.password;
    this.endpointReference = `urn:uuid:${uuidOf(id)}`;
    this.scopes = scopesOf(description);
    const skew = quirks.clockSkewMs ?? 0;
    this.sources = { main: new RtpSource(clips.main, skew, audio), sub: new RtpSource(clips.sub, skew, audio) };
    this.ptz = description.ptz ? new PtzHead(description.ptz) : null;
    const believedHost = quirks.wrongXAddrHost ?? HOST;
    this.#model = {
      id,
      name,
      desk,
      manufacturer: 'Liên Thông',
      model: 'Camera mô phỏng',
      firmware: '1.0.0',
      serial: this.endpointReference.slice(-12).toUpperCase(),
      hardwareId: 'simulated',
      scopes: this.scopes,
      onvifAuthority: () => `${believedHost}:${this.#device.port}`,
      rtspAuthority: () => `${believedHost}:${this.#rtsp.port}`,
      sources: this.sources,
      quirks,
      ptz: this.ptz,
      events: this.events,
      nowMs: () => Date.now() + skew,
    };
    const credentials = (): Credentials => ({ username: description.username, password: this.#password });
    this.#device = new OnvifDevice({ host: HOST, port: description.onvifPort ?? 0, model: this.#model, credentials });
    this.#rtsp = new RtspServer({
      host: HOST,
      port: description.rtspPort ?? 0,
      title: 'Simulated camera',
      sources: this.sources,
      credentials,
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get password(): string {
    return this.#password;
  }

  /** Where the device service really is. */
  get onvif(): string {
    return `${this.#model.quirks.https ? 'https' : 'http'}://${HOST}:${this.#device.port}${PATHS.device}`;
  }

  /** Where the streams really are, without credentials. */
  get rtsp(): Readonly<Record<StreamName, string>> {
    const model: DeviceModel = { ...this.#model, rtspAuthority: () => `${HOST}:${this.#rtsp.port}` };
    return { main: streamUri(model, 'main'), sub: streamUri(model, 'sub') };
  }

  get discoveryTarget(): DiscoveryTarget {
    const xaddr = `${this.#model.quirks.https ? 'https' : 'http'}://${this.#model.onvifAuthority()}${PATHS.device}`;
    return { endpointReference: this.endpointReference, scopes: this.scopes, xaddr };
  }

  /** Plugs the camera in; again on the ports that it had. */
  async connect(): Promise<void> {
    if (this.#connected) return;
    this.#connected = true;
    try {
      await Promise.all([this.#device.listen(), this.#rtsp.listen()]);
    } catch (error) {
      await this.disconnect();
      throw error;
    }
  }

  /** Pulls the plug: listeners closed, every connection cut. */
  async disconnect(): Promise<void> {
    this.#connected = false;
    await Promise.all([this.#device.close(), this.#rtsp.close()]);
  }

  setPassword(password: string): void {
    this.#password = password;
  }

  /** A frozen camera keeps its connections and sends nothing; thawed, it goes on with the next keyframe. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    this.sources.main.interrupt();
    this.sources.sub.interrupt();
  }

  /** As behind a cable that is cut: nothing is sent, read, answered or closed. */
  hang(hung: boolean): void {
    this.freeze(hung);
    this.#rtsp.hang(hung);
  }

  send(frameCount: number): void {
    if (this.#frozen || !this.#connected) return;
    this.sources.main.send(frameCount);
    this.sources.sub.send(frameCount);
  }

  interrupt(): void {
    this.sources.main.interrupt();
    this.sources.sub.interrupt();
  }

  /** Something happens before its lens. */
  tell(event: CameraEvent): void {
    this.events.emit(event, this.#model.nowMs());
  }

  sweep(nowMs: number): void {
    this.#rtsp.sweep(nowMs);
  }
}

/** A name-based UUID (RFC 9562, version 8 of our own making): the same camera keeps its endpoint over restarts. */
function uuidOf(id: string): string {
  const bytes = createHash('sha256').update(`lienthong simulated camera ${id}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function scopesOf(description: CameraDescription): string[] {
  const base = 'onvif://www.onvif.org';
  return [
    `${base}/type/video_encoder`,
    `${base}/Profile/Streaming`,
    `${base}/hardware/simulated`,
    `${base}/name/${encodeURIComponent(description.name)}`,
    `${base}/location/${encodeURIComponent(description.desk)}`,
    'lienthong://simulated',
  ];
}
