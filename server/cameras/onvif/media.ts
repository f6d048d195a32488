import type { Codec } from '../../contracts/cameras.ts';
import { repairStreamAddress } from './addresses.ts';
import type { DeviceClient } from './device-client.ts';
import { authFailureOf, OnvifError } from './errors.ts';
import { mediaService } from './node-onvif.ts';
import { namespaces, type OnvifService } from './services.ts';
import { soapEnvelope } from './soap.ts';
import { all, at, escapeXml, numberAt, textAt, type XmlElement } from './xml.ts';

export interface MediaProfile {
  token: string;
  name: string;
  /** Which lens it shows; profiles with the same source are the same picture in other sizes. */
  sourceToken: string | null;
  codec: Codec;
  /** 0 where the device does not say. */
  width: number;
  height: number;
  fps: number | null;
  /** Frames from keyframe to keyframe. */
  gop: number | null;
  bitrateKbps: number | null;
  /** Repaired, without user info; null where the device gave no usable address. */
  rtsp: string | null;
  rtspAsSent: string | null;
}

export interface MediaReading {
  profiles: MediaProfile[];
  /** `1` or `2`: the media service that was read. */
  version: '1' | '2';
  /** Why the newer service was passed over. */
  media2Failure: OnvifError | null;
}

interface MediaApi {
  version: '1' | '2';
  profiles(): Promise<XmlElement>;
  streamUri(token: string): Promise<string | null>;
  snapshotUri(token: string): Promise<string | null>;
  parse(profile: XmlElement): Omit<MediaProfile, 'rtsp' | 'rtspAsSent'>;
}

const maxProfiles = 32;

/**
 * Profiles with their stream addresses: from Media2, where devices tell of H.265, and from Media1 when Media2 is missing, fails or
 * shows no encoder. Errors: `OnvifError` of Media1, or of authentication.
 */
export async function readMedia(client: DeviceClient, services: readonly OnvifService[]): Promise<MediaReading> {
  const found = (namespace: string) => services.find((service) => service.namespace === namespace)?.address.url;
  const [media2, media1] = [found(namespaces.media2), found(namespaces.media)];
  let media2Failure: OnvifError | null = null;
  let withoutSizes: MediaProfile[] | null = null;
  if (media2) {
    try {
      const profiles = await readProfiles(client, media2Api(client, media2));
      if (profiles.some((profile) => profile.codec !== 'unknown')) return { profiles, version: '2', media2Failure };
      withoutSizes = profiles;
    } catch (error) {
      if (!(error instanceof OnvifError) || authFailureOf(error) || error.failure === 'aborted' || !media1) throw error;
      media2Failure = error;
    }
  }
  if (media1) {
    const profiles = await readProfiles(client, media1Api(client, media1));
    if (profiles.length > 0 || !withoutSizes?.length) return { profiles, version: '1', media2Failure };
  }
  return { profiles: withoutSizes ?? [], version: '2', media2Failure };
}

/** Address of a profile's still picture as the device sends it, or null where it has none. */
export async function readSnapshotUri(
  client: DeviceClient,
  services: readonly OnvifService[],
  version: '1' | '2',
  token: string,
): Promise<string | null> {
  const wanted = version === '2' ? namespaces.media2 : namespaces.media;
  const url = services.find((service) => service.namespace === wanted)?.address.url;
  if (!url) return null;
  const api = version === '2' ? media2Api(client, url) : media1Api(client, url);
  return api.snapshotUri(token);
}

/** True where a stranger is refused the list of profiles, which proves that an accepted call was accepted for its credentials. */
export async function refusesStrangers(client: DeviceClient, services: readonly OnvifService[]): Promise<boolean> {
  const url = services.find((service) => service.namespace === namespaces.media)?.address.url;
  if (!url) return false;
  const envelope = soapEnvelope({ trt: namespaces.media }, '<trt:GetProfiles/>');
  try {
    await client.call(url, 'GetProfiles', envelope, 'anonymous');
    return false;
  } catch (error) {
    if (error instanceof OnvifError) return authFailureOf(error) !== null;
    throw error;
  }
}

async function readProfiles(client: DeviceClient, api: MediaApi): Promise<MediaProfile[]> {
  const parsed = all(await api.profiles(), 'Profiles')
    .slice(0, maxProfiles)
    .map((element) => api.parse(element))
    .filter((profile) => profile.token !== '');
  return Promise.all(
    parsed.map(async (profile) => {
      const sent = await api.streamUri(profile.token).catch((error: unknown) => {
        if (error instanceof OnvifError && error.failure !== 'aborted') return null;
        throw error;
      });
      const address = sent === null ? null : repairStreamAddress(sent, client.url.hostname);
      return { ...profile, rtsp: address?.url.href ?? null, rtspAsSent: address?.asSent ?? null };
    }),
  );
}

function media1Api(client: DeviceClient, url: URL): MediaApi {
  const service = mediaService(client, url);
  return {
    version: '1',
    profiles: () => service.profiles(),
    streamUri: async (token) =>
      uriIn(await firstUnfaulted(['RTSP', 'UDP'], (protocol) => service.streamUri(token, protocol))),
    snapshotUri: async (token) => uriIn(await service.snapshotUri(token)),
    parse(profile) {
      const encoder = at(profile, 'VideoEncoderConfiguration');
      const interval = numberAt(encoder, 'RateControl', 'EncodingInterval') ?? 1;
      const limit = numberAt(encoder, 'RateControl', 'FrameRateLimit');
      return {
        ...identity(profile, textAt(profile, 'VideoSourceConfiguration', 'SourceToken')),
        ...picture(encoder),
        fps: positive(limit === null ? null : limit / Math.max(1, interval)),
        gop: positive(numberAt(encoder, 'H264', 'GovLength') ?? numberAt(encoder, 'MPEG4', 'GovLength')),
      };
    },
  };
}

/** ONVIF Media2 Service Specification, sections 5.2 and 5.8; node-onvif has no class for it. */
function media2Api(client: DeviceClient, url: URL): MediaApi {
  const call = (operation: string, parameters: string) =>
    client.call(
      url,
      operation,
      soapEnvelope({ tr2: namespaces.media2 }, `<tr2:${operation}>${parameters}</tr2:${operation}>`),
    );
  const token = (value: string) => `<tr2:ProfileToken>${escapeXml(value)}</tr2:ProfileToken>`;
  return {
    version: '2',
    profiles: () => call('GetProfiles', '<tr2:Type>All</tr2:Type>'),
    streamUri: async (value) =>
      uriIn(
        await firstUnfaulted(['RTSP', 'RtspUnicast'], (protocol) =>
          call('GetStreamUri', `<tr2:Protocol>${protocol}</tr2:Protocol>${token(value)}`),
        ),
      ),
    snapshotUri: async (value) => uriIn(await call('GetSnapshotUri', token(value))),
    parse(profile) {
      const encoder = at(profile, 'Configurations', 'VideoEncoder');
      const gop = encoder?.attributes.get('GovLength');
      return {
        ...identity(profile, textAt(profile, 'Configurations', 'VideoSource', 'SourceToken')),
        ...picture(encoder),
        fps: positive(numberAt(encoder, 'RateControl', 'FrameRateLimit')),
        gop: positive(gop === undefined ? null : Number(gop)),
      };
    },
  };
}

/** Media1 wraps the address (section 5.15), Media2 does not (section 5.8), and devices mix the two up. */
function uriIn(response: XmlElement): string | null {
  return textAt(response, 'MediaUri', 'Uri') ?? textAt(response, 'Uri');
}

/** The address is the same for every transport, but some devices refuse to tell it for one that they do not know. */
async function firstUnfaulted<const P extends string>(
  protocols: readonly [P, P],
  ask: (protocol: P) => Promise<XmlElement>,
): Promise<XmlElement> {
  try {
    return await ask(protocols[0]);
  } catch (error) {
    if (!(error instanceof OnvifError) || error.failure !== 'fault') throw error;
    return ask(protocols[1]);
  }
}

function identity(profile: XmlElement, sourceToken: string | null) {
  const token = profile.attributes.get('token') ?? '';
  return {
    token: token.length > 128 ? '' : token,
    name: (textAt(profile, 'Name') ?? token).slice(0, 128),
    sourceToken: sourceToken?.slice(0, 128) ?? null,
  };
}

function picture(encoder: XmlElement | undefined) {
  return {
    codec: codecOf(textAt(encoder, 'Encoding') ?? ''),
    width: size(numberAt(encoder, 'Resolution', 'Width')),
    height: size(numberAt(encoder, 'Resolution', 'Height')),
    bitrateKbps: positive(numberAt(encoder, 'RateControl', 'BitrateLimit')),
  };
}

function codecOf(encoding: string): Codec {
  if (/h\.?265|hevc/i.test(encoding)) return 'h265';
  if (/h\.?264|avc/i.test(encoding)) return 'h264';
  return /jpe?g/i.test(encoding) ? 'mjpeg' : 'unknown';
}

const positive = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) && value > 0 ? value : null;
const size = (value: number | null): number =>
  value !== null && Number.isInteger(value) && value > 0 && value < 65_536 ? value : 0;
