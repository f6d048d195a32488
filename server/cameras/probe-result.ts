import type { AuthMethod } from './onvif/device-client.ts';
import type { AuthFailure, OnvifFailure } from './onvif/errors.ts';
import type { MediaProfile } from './onvif/media.ts';
import { readScopes, type Scopes } from './onvif/scopes.ts';
import { type ProbeWarning, type WarningCode, warning } from './probe-warnings.ts';

export interface ProbedProfile extends MediaProfile {
  stream: 'main' | 'sub' | null;
}

export interface ProbeResult {
  /** The device service address that was asked. */
  onvif: string;
  host: string;
  reachable: boolean;
  isOnvif: boolean;
  /** Why it was not reached, is no ONVIF device, or could not be read to the end. */
  failure: { code: OnvifFailure; detail: string | null } | null;
  /** `method` is `none` where the device asks nobody. */
  auth: { ok: boolean; method: AuthMethod | 'none' | null; error: AuthFailure | null };
  endpoint: string | null;
  scopes: Scopes;
  device: { manufacturer: string; model: string; firmware: string; serial: string; hardware: string } | null;
  /** Camera clock minus ours, by its HTTP header where it tells its time no other way; null where it does not tell. */
  clockSkewMs: number | null;
  services: { namespace: string; xaddr: string; xaddrAsSent: string; version: string | null }[];
  profiles: ProbedProfile[];
  snapshot: string | null;
  ptz: boolean;
  events: boolean;
  /** SHA-256 of the certificate seen over https. */
  certificateSha256: string | null;
  warnings: ProbeWarning[];
}

const skewWorthTelling = 5_000;
const longGopSeconds = 4;

/** Warnings are gathered as they are met, each once. */
export function note(result: ProbeResult, code: WarningCode): void {
  if (!result.warnings.some((known) => known.code === code)) result.warnings.push(warning(code));
}

/** What follows from a finished result, with what was noted on the way. */
export function warningsOf(result: ProbeResult): ProbeWarning[] {
  if (!result.isOnvif) return result.warnings;
  if (result.clockSkewMs === null) note(result, 'clock_unknown');
  else if (Math.abs(result.clockSkewMs) > skewWorthTelling) note(result, 'clock_skew');
  if (result.certificateSha256) note(result, 'certificate_pinned');
  if (result.auth.method === 'http_basic') note(result, 'password_in_clear');
  const main = result.profiles.find((profile) => profile.stream === 'main');
  if (result.profiles.some((profile) => profile.rtsp === null)) note(result, 'stream_uri_missing');
  if (result.profiles.some((profile) => profile.rtsp !== profile.rtspAsSent)) note(result, 'address_repaired');
  if (!main) return result.warnings;
  if (!result.profiles.some((profile) => profile.stream === 'sub')) note(result, 'no_sub_stream');
  if (main.codec === 'h265') note(result, 'hevc');
  if (main.gop !== null && main.fps !== null && main.gop / main.fps > longGopSeconds) note(result, 'gop_long');
  return result.warnings;
}

/** Of a device that has not been asked yet. */
export function emptyResult(url: URL): ProbeResult {
  return {
    onvif: url.href,
    host: url.host,
    reachable: false,
    isOnvif: false,
    failure: null,
    auth: { ok: false, method: null, error: null },
    endpoint: null,
    scopes: readScopes([]),
    device: null,
    clockSkewMs: null,
    services: [],
    profiles: [],
    snapshot: null,
    ptz: false,
    events: false,
    certificateSha256: null,
    warnings: [],
  };
}
