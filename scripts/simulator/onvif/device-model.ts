import type { RtpSource } from '../rtsp/rtp-source.ts';
import type { StreamName } from '../rtsp/rtsp-server.ts';
import type { EventHub } from './event-hub.ts';
import type { PtzHead } from './ptz-head.ts';

/** What a real camera gets wrong; each off unless set. */
export interface Quirks {
  /** The camera's clock runs this much ahead (negative: behind), in ms. */
  clockSkewMs?: number;
  /** UsernameToken is refused, only HTTP Digest is accepted. */
  digestOnly?: boolean;
  /** The host that service, stream and snapshot addresses name instead of the right one. */
  wrongXAddrHost?: string;
  /** Media2 is advertised, and answers HTTP 500. */
  media2Broken?: boolean;
  /** Encoder configurations come without the optional RateControl. */
  noRateControl?: boolean;
  /** The device service speaks https only, with a certificate that the camera signed for itself. */
  https?: boolean;
  /** Answers of the media services break off half way. */
  truncatedBody?: boolean;
  /** The body of every answer takes so long, in ms. */
  slowBodyMs?: number;
  /** Subscriptions to events cannot be renewed. */
  renewFails?: boolean;
}

/** What the services tell about the camera. */
export interface DeviceModel {
  id: string;
  name: string;
  desk: string;
  manufacturer: string;
  model: string;
  firmware: string;
  serial: string;
  hardwareId: string;
  scopes: readonly string[];
  /** `host:port` of the ONVIF and the RTSP server, as the device believes them to be. */
  onvifAuthority: () => string;
  rtspAuthority: () => string;
  sources: Readonly<Record<StreamName, RtpSource>>;
  quirks: Quirks;
  /** The head of a camera that turns or zooms. */
  ptz: PtzHead | null;
  /** What it tells, and to whom. */
  events: EventHub;
  /** The camera's own clock, UTC epoch ms. */
  nowMs: () => number;
}

export const PATHS = {
  device: '/onvif/device_service',
  media: '/onvif/media_service',
  media2: '/onvif/media2_service',
  ptz: '/onvif/ptz_service',
  events: '/onvif/event_service',
  imaging: '/onvif/imaging_service',
  snapshot: '/onvif/snapshot',
} as const;

export const NAMESPACES = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
  imaging: 'http://www.onvif.org/ver20/imaging/wsdl',
} as const;

export const STREAM_NAMES: readonly StreamName[] = ['main', 'sub'];

export function profileToken(stream: StreamName): string {
  return `profile_${stream}`;
}

/** The stream that a profile token names. */
export function streamOfProfile(token: string | undefined): StreamName | undefined {
  return STREAM_NAMES.find((stream) => profileToken(stream) === token);
}

export function serviceAddress(model: DeviceModel, service: keyof typeof PATHS): string {
  return `${model.quirks.https ? 'https' : 'http'}://${model.onvifAuthority()}${PATHS[service]}`;
}

export function streamUri(model: DeviceModel, stream: StreamName): string {
  return `rtsp://${model.rtspAuthority()}/stream/${stream}`;
}

export function snapshotUri(model: DeviceModel, stream: StreamName): string {
  return `${serviceAddress(model, 'snapshot')}?profile=${profileToken(stream)}`;
}
