import type { Codec } from '../../contracts/cameras.ts';
import type { DeviceClient } from './device-client.ts';
import { OnvifError } from './errors.ts';
import { namespaces, type OnvifService } from './services.ts';
import { soapEnvelope } from './soap.ts';
import { all, at, escapeXml, numberAt, textAt, type XmlElement } from './xml.ts';

type Version = '1' | '2';
export type Encoding = Exclude<Codec, 'unknown'>;

/** What an encoder does now. Null where the device does not say. */
export interface EncoderState {
  token: string;
  encoding: Codec;
  width: number;
  height: number;
  fps: number | null;
  gopFrames: number | null;
  bitrateKbps: number | null;
}

/** What it can be asked for with one encoding; lists and ranges are empty or null where the device does not say. */
export interface EncoderOptions {
  encoding: Encoding;
  sizes: { width: number; height: number }[];
  gopFrames: { min: number; max: number } | null;
  fps: { min: number; max: number } | null;
  bitrateKbps: { min: number; max: number } | null;
  profiles: string[];
}

/** What an encoder is to do; what is left out stays. */
export interface EncoderTarget {
  encoding?: Encoding;
  width?: number;
  height?: number;
  fps?: number;
  gopFrames?: number;
  bitrateKbps?: number;
}

export interface ProfileEncoder {
  profile: string;
  state: EncoderState | null;
  /** Sound is part of the profile. */
  audio: boolean;
}

const schema = 'http://www.onvif.org/ver10/schema';
const mostOptions = 8;
const mostSizes = 64;

/**
 * Reads and sets the video encoders of a device by the media service that its profiles were read from (ONVIF Media, sections 5.2.22 to 5.2.24;
 * Media2, section 5.3). Errors of every call: `OnvifError`.
 */
export class EncoderSettings {
  readonly #client: DeviceClient;
  readonly #url: URL;
  readonly #version: Version;

  private constructor(client: DeviceClient, url: URL, version: Version) {
    this.#client = client;
    this.#url = url;
    this.#version = version;
  }

  /** Media2 where there is one that answers, else Media1; null where there is neither. */
  static async open(client: DeviceClient, services: readonly OnvifService[]): Promise<EncoderSettings | null> {
    const of = (namespace: string) => services.find((service) => service.namespace === namespace)?.address.url;
    const [media2, media1] = [of(namespaces.media2), of(namespaces.media)];
    if (media2) {
      const newer = new EncoderSettings(client, media2, '2');
      try {
        const encoders = await newer.encoders();
        if (!media1 || encoders.some(({ state }) => state !== null)) return newer;
      } catch (error) {
        if (!(error instanceof OnvifError) || !media1 || !['fault', 'http', 'malformed'].includes(error.failure))
          throw error;
      }
    }
    return media1 ? new EncoderSettings(client, media1, '1') : null;
  }

  /** Of every profile. */
  async encoders(): Promise<ProfileEncoder[]> {
    const body = this.#version === '2' ? '<tr2:Type>All</tr2:Type>' : '';
    return all(await this.#call('GetProfiles', body), 'Profiles').map((profile) => {
      const encoder = this.#encoderIn(profile);
      const audio = at(profile, 'AudioEncoderConfiguration') ?? at(profile, 'Configurations', 'AudioEncoder');
      return {
        profile: profile.attributes.get('token') ?? '',
        state: encoder ? stateOf(encoder) : null,
        audio: audio !== undefined,
      };
    });
  }

  async state(profile: string): Promise<EncoderState | null> {
    return (await this.encoders()).find((one) => one.profile === profile)?.state ?? null;
  }

  /** By encoding; empty where the device tells none. */
  async options(profile: string, encoder: string): Promise<EncoderOptions[]> {
    const answer = await this.#call(
      'GetVideoEncoderConfigurationOptions',
      `${this.#tag('ConfigurationToken', encoder)}${this.#tag('ProfileToken', profile)}`,
    );
    const told = all(answer, 'Options').slice(0, mostOptions);
    return this.#version === '2' ? told.flatMap(optionsOf2) : told.slice(0, 1).flatMap(optionsOf1);
  }

  /** Asks for the target, everything else as it is; what came of it is to be read. */
  async set(profile: string, target: EncoderTarget, options: EncoderOptions | undefined): Promise<void> {
    const body = this.#version === '2' ? '<tr2:Type>All</tr2:Type>' : '';
    const found = all(await this.#call('GetProfiles', body), 'Profiles').find(
      (one) => one.attributes.get('token') === profile,
    );
    const encoder = found && this.#encoderIn(found);
    if (!encoder) throw new OnvifError('malformed', { detail: 'no_encoder' });
    const configuration =
      this.#version === '2' ? configuration2(encoder, target, options) : configuration1(encoder, target, options);
    await this.#call('SetVideoEncoderConfiguration', configuration);
  }

  #encoderIn(profile: XmlElement): XmlElement | undefined {
    return this.#version === '2'
      ? at(profile, 'Configurations', 'VideoEncoder')
      : at(profile, 'VideoEncoderConfiguration');
  }

  #tag(name: string, value: string): string {
    const prefix = this.#version === '2' ? 'tr2' : 'trt';
    return `<${prefix}:${name}>${escapeXml(value)}</${prefix}:${name}>`;
  }

  #call(operation: string, parameters: string): Promise<XmlElement> {
    const [prefix, namespace] =
      this.#version === '2' ? (['tr2', namespaces.media2] as const) : (['trt', namespaces.media] as const);
    const body = `<${prefix}:${operation}>${parameters}</${prefix}:${operation}>`;
    return this.#client.call(this.#url, operation, soapEnvelope({ [prefix]: namespace, tt: schema }, body));
  }
}

function stateOf(encoder: XmlElement): EncoderState {
  const gop = attributeNumber(encoder, 'GovLength') ?? numberAt(encoder, 'H264', 'GovLength');
  const size = (name: string) => numberAt(encoder, 'Resolution', name) ?? 0;
  return {
    token: encoder.attributes.get('token') ?? '',
    encoding: codecOf(textAt(encoder, 'Encoding') ?? ''),
    width: size('Width'),
    height: size('Height'),
    fps: numberAt(encoder, 'RateControl', 'FrameRateLimit'),
    gopFrames: gop,
    bitrateKbps: numberAt(encoder, 'RateControl', 'BitrateLimit'),
  };
}

function optionsOf1(options: XmlElement): EncoderOptions[] {
  const found = [['h264', 'H264'] as const, ['mjpeg', 'JPEG'] as const].flatMap(([encoding, name]) => {
    const plain = at(options, name);
    const extended = at(options, 'Extension', name);
    const element = plain ?? extended;
    if (!element) return [];
    return [
      {
        encoding,
        sizes: sizesOf(element),
        gopFrames: rangeOf(element, 'GovLengthRange'),
        fps: rangeOf(element, 'FrameRateRange'),
        bitrateKbps: rangeOf(extended, 'BitrateRange'),
        profiles: all(element, 'H264ProfilesSupported').map(({ text }) => text),
      },
    ];
  });
  return found;
}

function optionsOf2(options: XmlElement): EncoderOptions[] {
  const encoding = codecOf(textAt(options, 'Encoding') ?? '');
  if (encoding === 'unknown') return [];
  const list = (name: string) => (options.attributes.get(name) ?? textAt(options, name) ?? '').split(/\s+/);
  const spanOf = (name: string) => {
    const numbers = list(name)
      .map(Number)
      .filter((n) => Number.isFinite(n) && n > 0);
    return numbers.length === 0 ? null : { min: Math.min(...numbers), max: Math.max(...numbers) };
  };
  return [
    {
      encoding,
      sizes: sizesOf(options),
      gopFrames: spanOf('GovLengthRange'),
      fps: spanOf('FrameRatesSupported'),
      bitrateKbps: rangeOf(options, 'BitrateRange'),
      profiles: list('ProfilesSupported').filter(Boolean),
    },
  ];
}

function sizesOf(options: XmlElement): { width: number; height: number }[] {
  return all(options, 'ResolutionsAvailable')
    .slice(0, mostSizes)
    .flatMap((size) => {
      const [width, height] = [numberAt(size, 'Width') ?? 0, numberAt(size, 'Height') ?? 0];
      return width > 0 && height > 0 ? [{ width, height }] : [];
    });
}

function rangeOf(element: XmlElement | undefined, name: string): { min: number; max: number } | null {
  const [min, max] = [numberAt(element, name, 'Min'), numberAt(element, name, 'Max')];
  return min !== null && max !== null && max >= min && max > 0 ? { min, max } : null;
}

/** The order of elements is that of the schema: devices with a strict reader refuse any other. */
function configuration1(encoder: XmlElement, target: EncoderTarget, options: EncoderOptions | undefined): string {
  const { token, encoding, width, height, fps, gopFrames, bitrateKbps } = { ...stateOf(encoder), ...target };
  const number = (name: string, value: number | null) => (value === null ? '' : tag(name, value));
  const limits = fps !== null || bitrateKbps !== null;
  // What belongs together is given together: a limit without the others is no RateControl.
  const rate = limits
    ? `<tt:RateControl>${tag('FrameRateLimit', fps ?? 25)}${tag('EncodingInterval', numberAt(encoder, 'RateControl', 'EncodingInterval') ?? 1)}${tag('BitrateLimit', bitrateKbps ?? 2_048)}</tt:RateControl>`
    : '';
  const h264 =
    encoding === 'h264'
      ? `<tt:H264>${number('GovLength', gopFrames ?? (fps === null ? 25 : Math.round(fps)))}${tag('H264Profile', profileName(textAt(encoder, 'H264', 'H264Profile'), options))}</tt:H264>`
      : '';
  return (
    `<trt:Configuration token="${escapeXml(token)}">${common(encoder)}` +
    `${tag('Encoding', encoding === 'mjpeg' ? 'JPEG' : 'H264')}${resolution(width, height)}` +
    `${tag('Quality', numberAt(encoder, 'Quality') ?? 5)}${rate}${h264}${multicast(encoder)}` +
    `${tag('SessionTimeout', textAt(encoder, 'SessionTimeout') ?? 'PT60S')}</trt:Configuration>` +
    '<trt:ForcePersistence>true</trt:ForcePersistence>'
  );
}

function configuration2(encoder: XmlElement, target: EncoderTarget, options: EncoderOptions | undefined): string {
  const { token, encoding, width, height, fps, gopFrames, bitrateKbps } = { ...stateOf(encoder), ...target };
  const words: Readonly<Record<string, string>> = { h264: 'H264', h265: 'H265', mjpeg: 'JPEG' };
  const same = target.encoding === undefined || target.encoding === stateOf(encoder).encoding;
  const profile = profileName(same ? (encoder.attributes.get('Profile') ?? null) : null, options);
  const kept = ['AnchorFrameDistance', 'GuaranteedFrameRate', 'Signed'].flatMap((name) => {
    const value = encoder.attributes.get(name);
    return value === undefined ? [] : [` ${name}="${escapeXml(value)}"`];
  });
  const named =
    encoding === 'mjpeg'
      ? ''
      : `${gopFrames === null ? '' : ` GovLength="${gopFrames}"`} Profile="${escapeXml(profile)}"`;
  const constant = at(encoder, 'RateControl')?.attributes.get('ConstantBitRate');
  const rate =
    fps !== null || bitrateKbps !== null
      ? `<tt:RateControl${constant === undefined ? '' : ` ConstantBitRate="${escapeXml(constant)}"`}>${tag('FrameRateLimit', fps ?? 25)}${tag('BitrateLimit', bitrateKbps ?? 2_048)}</tt:RateControl>`
      : '';
  return (
    `<tr2:Configuration token="${escapeXml(token)}"${named}${kept.join('')}>${common(encoder)}` +
    `${tag('Encoding', words[encoding] ?? 'H264')}${resolution(width, height)}${rate}` +
    `${at(encoder, 'Multicast') ? multicast(encoder) : ''}${tag('Quality', numberAt(encoder, 'Quality') ?? 5)}</tr2:Configuration>`
  );
}

function common(encoder: XmlElement): string {
  return `${tag('Name', textAt(encoder, 'Name') ?? 'encoder')}${tag('UseCount', numberAt(encoder, 'UseCount') ?? 1)}`;
}

function resolution(width: number, height: number): string {
  return `<tt:Resolution>${tag('Width', width)}${tag('Height', height)}</tt:Resolution>`;
}

/** As it is; without one, none: Media1's schema wants the element all the same. */
function multicast(encoder: XmlElement): string {
  const found = at(encoder, 'Multicast');
  const address = textAt(found, 'Address', 'IPv4Address') ?? '0.0.0.0';
  return (
    `<tt:Multicast><tt:Address>${tag('Type', 'IPv4')}${tag('IPv4Address', address)}</tt:Address>` +
    `${tag('Port', numberAt(found, 'Port') ?? 0)}${tag('TTL', numberAt(found, 'TTL') ?? 1)}` +
    `${tag('AutoStart', textAt(found, 'AutoStart') === 'true' ? 'true' : 'false')}</tt:Multicast>`
  );
}

function profileName(present: string | null, options: EncoderOptions | undefined): string {
  const offered = options?.profiles ?? [];
  if (present !== null && (offered.length === 0 || offered.includes(present))) return present;
  return ['High', 'Main', 'Baseline'].find((name) => offered.includes(name)) ?? offered[0] ?? 'Main';
}

function tag(name: string, value: string | number): string {
  return `<tt:${name}>${escapeXml(String(value))}</tt:${name}>`;
}

function attributeNumber(element: XmlElement, name: string): number | null {
  const value = Number(element.attributes.get(name) ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function codecOf(encoding: string): Codec {
  if (/h\.?265|hevc/i.test(encoding)) return 'h265';
  if (/h\.?264|avc/i.test(encoding)) return 'h264';
  return /jpe?g/i.test(encoding) ? 'mjpeg' : 'unknown';
}
