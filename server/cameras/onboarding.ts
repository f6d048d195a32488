import type { CreateCameraRequest } from '../contracts/cameras.ts';
import { AppError } from '../platform/errors.ts';
import { HostError, type NetworkPolicy, resolveHost } from './networks.ts';
import { parseRtsp } from './onvif/addresses.ts';
import type { OnvifFailure } from './onvif/errors.ts';
import type { ProbedProfile, ProbeResult } from './probe.ts';

type RtspRequest = Extract<CreateCameraRequest, { rtsp: unknown }>;

export interface RtspSource {
  main: URL;
  sub: URL | null;
  username: string;
  password: string;
}

const unreached: readonly OnvifFailure[] = ['unreachable', 'timeout', 'aborted'];

/** Why a probed device cannot be taken in, in the codes of the API; null where it can. */
export function onboardingObstacle(result: ProbeResult): AppError | null {
  const detail = result.failure?.detail ?? result.failure?.code;
  const refuse = (code: string, retry = false) =>
    new AppError('invalid', code, { retry, params: detail ? { host: result.host, detail } : { host: result.host } });
  if (result.failure?.code === 'not_allowed') return refuse('camera_address_not_allowed');
  if (result.failure?.code === 'certificate_changed') return refuse('camera_certificate_changed');
  if (!result.reachable) return refuse('camera_unreachable', true);
  if (result.auth.error) return refuse(`camera_${result.auth.error}`, result.auth.error === 'locked_out');
  if (!result.isOnvif) return refuse('camera_not_onvif');
  if (mainOf(result)) return null;
  if (result.failure)
    return refuse(unreached.includes(result.failure.code) ? 'camera_unreachable' : 'camera_unreadable', true);
  return refuse('camera_has_no_stream');
}

export function mainOf(result: ProbeResult): ProbedProfile | null {
  return result.profiles.find((profile) => profile.stream === 'main') ?? null;
}

/**
 * RTSP addresses as an administrator types them: user info is moved out of the address, hosts are checked by name and by number.
 * Errors: `camera_address_invalid`, `camera_address_not_allowed`, `camera_host_unknown`.
 */
export async function readRtspRequest(request: RtspRequest, policy: NetworkPolicy): Promise<RtspSource> {
  const main = await checkedAddress('rtsp.main', request.rtsp.main, policy);
  const sub = request.rtsp.sub === undefined ? null : await checkedAddress('rtsp.sub', request.rtsp.sub, policy);
  const given = request.username !== '' ? request : main.username !== '' ? main : (sub ?? main);
  return { main: main.url, sub: sub?.url ?? null, username: given.username, password: given.password };
}

async function checkedAddress(
  field: string,
  text: string,
  policy: NetworkPolicy,
): Promise<{ url: URL; username: string; password: string }> {
  const url = parseRtsp(text);
  if (!url) throw new AppError('invalid', 'camera_address_invalid', { fields: { [field]: 'camera_address_invalid' } });
  const [username, password] = [decode(url.username), decode(url.password)];
  url.username = '';
  url.password = '';
  url.hash = '';
  try {
    await resolveHost(url.hostname, policy);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const code = error.reason === 'not_allowed' ? 'camera_address_not_allowed' : 'camera_host_unknown';
    throw new AppError('invalid', code, {
      retry: error.reason === 'host_unknown',
      fields: { [field]: code },
      cause: error,
    });
  }
  return { url, username, password };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
