import { readFileSync } from 'node:fs';
import { Discoveries } from '../cameras/discoveries.ts';
import { createNetworkPolicy } from '../cameras/networks.ts';
import { withoutPassword } from '../cameras/onvif/addresses.ts';
import { type ProbeResult, probeDevice } from '../cameras/probe.ts';
import { createDiscoveryRequest, type Discovery } from '../contracts/discoveries.ts';
import { systemClock } from '../platform/clock.ts';
import { createLogger } from '../platform/log.ts';
import { type Outcome, UsageError, type Values } from './command.ts';

/** Whoever has a shell on this machine reaches every address anyway. */
const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: true, allowedNetworks: [] });
const tools = { clock: systemClock, log: createLogger('error'), policy };

/** Exit statuses of `camera probe`; 1 is every other failure and 2 wrong usage, as of all commands. */
export const probeStatus = { ok: 0, failed: 1, credentials: 3, unreachable: 4, notOnvif: 5 } as const;

export async function cameraProbe([address = '']: readonly string[], values: Values): Promise<Outcome> {
  const result = await probeDevice(
    { onvif: address, ...credentials(values), allowBasic: values['allow-basic'] },
    tools,
  );
  const status = statusOf(result);
  return { ok: status === probeStatus.ok, status, text: probeText(result), result: probeReport(result) };
}

/** What a probe comes to: credentials that are refused weigh more than what could not be told apart because of them. */
export function statusOf(result: ProbeResult): number {
  if (!result.reachable) return probeStatus.unreachable;
  if (result.auth.error !== null) return probeStatus.credentials;
  if (!result.isOnvif) return probeStatus.notOnvif;
  return result.failure === null ? probeStatus.ok : probeStatus.failed;
}

/** The result as `--json` prints it: what a device does not have is left out or null, and no address carries user info. */
export function probeReport(result: ProbeResult): object {
  const { auth, endpoint, failure } = result;
  return {
    reachable: result.reachable,
    isOnvif: result.isOnvif,
    auth: { ok: auth.ok, ...(auth.method && { method: auth.method }), ...(auth.error && { error: auth.error }) },
    device: result.device,
    clockSkewMs: result.clockSkewMs,
    services: result.services.map(({ namespace, xaddr, version }) => ({
      namespace,
      xaddr,
      ...(version !== null && { version }),
    })),
    profiles: result.profiles.map(({ token, name, codec, width, height, fps, gop, rtsp, rtspAsSent, stream }) => ({
      token,
      name,
      codec,
      width,
      height,
      ...(fps !== null && { fps }),
      ...(gop !== null && { gop }),
      rtsp: rtsp && withoutPassword(rtsp),
      rtspAsSent: rtspAsSent && withoutPassword(rtspAsSent),
      ...(stream !== null && { stream }),
    })),
    ...(result.snapshot !== null && { snapshot: withoutPassword(result.snapshot) }),
    ptz: result.ptz,
    events: result.events,
    warnings: result.warnings,
    onvif: result.onvif,
    ...(endpoint !== null && { endpoint }),
    ...(failure !== null && { failure }),
    ...(result.certificateSha256 !== null && { certificateSha256: result.certificateSha256 }),
  };
}

function probeText(result: ProbeResult): string {
  const { device, auth, failure } = result;
  const skew = result.clockSkewMs === null ? 'not told' : `${result.clockSkewMs} ms from ours`;
  const lines = [
    `${result.onvif}: ${result.reachable ? (result.isOnvif ? 'an ONVIF device' : 'no ONVIF device') : 'cannot be reached'}`,
    ...(failure ? [`failed: ${failure.code} ${failure.detail ?? ''}`.trimEnd()] : []),
    ...(result.isOnvif || auth.error ? [`credentials: ${auth.error ?? auth.method ?? 'not asked for'}`] : []),
    ...(result.isOnvif ? [`clock: ${skew}`] : []),
    ...(device ? [`device: ${device.manufacturer} ${device.model}, firmware ${device.firmware}`] : []),
    ...result.profiles.map(({ stream, name, codec, width, height, fps, rtsp }) =>
      [
        `${stream ?? 'other'}:`,
        name,
        codec,
        `${width}x${height}`,
        fps === null ? '' : `${fps}/s`,
        withoutPassword(rtsp ?? ''),
      ]
        .filter(Boolean)
        .join(' '),
    ),
    ...result.warnings.map(({ code, message }) => `warning ${code}: ${message}`),
  ];
  return lines.join('\n');
}

export async function cameraDiscover(_words: readonly string[], values: Values): Promise<Outcome> {
  const { range, port: ports } = values;
  const where = range === undefined ? {} : { range, ...(ports && { ports: ports.map(Number) }) };
  const given = { ...credentials(values), ...where };
  const request = createDiscoveryRequest.safeParse({
    method: range === undefined ? 'ws_discovery' : 'range',
    ...given,
  });
  if (!request.success) throw new UsageError(`refused: ${request.error.issues[0]?.path.join('.') ?? 'the request'}`);
  const registeredAt = () => null;
  const searches = new Discoveries({ ...tools, registeredAt, loopback: true, interfaces: values.interface });
  const ended = Promise.withResolvers<Discovery>();
  searches.on('changed', ({ id }) => {
    const found = searches.get(id);
    if (found.state !== 'running') ended.resolve(found);
  });
  if (ports && range === undefined) throw new UsageError('--port needs --range');
  searches.start(request.data);
  const { state, items, problems = [] } = await ended.promise;
  const lines = items.map(({ onvif, name, state: found, device }) =>
    [onvif, name, found, device ? `${device.manufacturer} ${device.model}` : ''].filter(Boolean).join('  '),
  );
  const troubles = problems.map(({ interfaceAddress, code }) => `could not ask on ${interfaceAddress}: ${code}`);
  const text = [...lines, ...troubles, `${items.length} found`].join('\n');
  return { ok: state === 'done', text, result: { state, items, problems } };
}

/** The password never stands on a command line, where every user of the machine could read it. */
function credentials(values: Values): { username: string; password: string } {
  const file = values['password-file'];
  if (file !== undefined && values.username === undefined) throw new UsageError('--password-file needs --username');
  if (file === undefined) return { username: values.username ?? '', password: '' };
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  return { username: values.username ?? '', password: text.replace(/\r?\n$/, '') };
}
