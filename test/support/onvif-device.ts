import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/**
 * A little ONVIF device for tests of what goes wrong: it verifies credentials by itself, answers as recorded devices do, and any
 * operation can be replaced by something odd.
 */
export interface TestDeviceOptions {
  /** `either`: a token or HTTP Digest; `both`: HTTP Digest on the outside and a token within. */
  auth?: 'token' | 'digest' | 'basic' | 'open' | 'either' | 'both';
  username?: string;
  password?: string;
  /** Device clock minus real time. */
  skewMs?: number;
  /** Operations that strangers may call. */
  open?: readonly string[];
  /** Host and port that the device believes to have, e.g. `0.0.0.0:80`. */
  believes?: string;
  media2?: boolean;
  /** Looks at every call first; true where it has answered. */
  before?: (call: TestCall) => boolean;
  /** How strangers and wrong tokens are refused; a `ter:NotAuthorized` fault with HTTP 400 where left out. */
  refusal?: (call: TestCall, verdict: string) => void;
  challenge?: (nonce: string) => string[];
  /** By operation, `tr2:` before those of Media2; `*` for every other. */
  override?: Record<string, (call: TestCall) => void>;
  tls?: { key: string; cert: string };
}

export interface TestCall {
  operation: string;
  body: string;
  request: IncomingMessage;
  response: ServerResponse;
  device: TestDevice;
}

export interface TestDevice {
  host: string;
  port: number;
  url: string;
  calls: { operation: string; authorization: string | undefined; token: boolean; body: string }[];
  close(): Promise<void>;
}

export async function startTestDevice(options: TestDeviceOptions = {}): Promise<TestDevice> {
  const sockets = new Set<Socket>();
  const nonces = new Set<string>();
  const device: TestDevice = { host: '', port: 0, url: '', calls: [], close };
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, prefix = '', name = ''] = /<(?:\w+:)?Body[^>]*>\s*<(?:(\w+):)?(\w+)/.exec(body) ?? [];
    const operation = prefix === 'tr2' ? `tr2:${name}` : name;
    const { authorization } = request.headers;
    device.calls.push({ operation, authorization, token: body.includes('UsernameToken'), body });
    const call: TestCall = { operation, body, request, response, device };
    if (options.before?.(call)) return;
    const refused = refuse(call, options, nonces);
    if (refused) return refused();
    const override = options.override?.[operation] ?? options.override?.['*'];
    if (override) return override(call);
    const answer = answers(device, options)[operation];
    if (answer === undefined) return fault(response, 'ter:ActionNotSupported', 'no such operation', 400);
    envelope(response, answer);
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  device.port = (server.address() as AddressInfo).port;
  device.host = `127.0.0.1:${device.port}`;
  device.url = `${options.tls ? 'https' : 'http'}://${device.host}/onvif/device_service`;
  return device;

  async function close() {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

/** Replaces the answer to one operation. */
export function answering(
  operation: string,
  answer: (call: TestCall) => void,
): Record<string, (call: TestCall) => void> {
  return { [operation]: answer };
}

const ns =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"';

export function xml(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${ns}><s:Body>${body}</s:Body></s:Envelope>`;
}

export function envelope(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(xml(body));
}

export function faultXml(subcode: string, reason: string): string {
  return `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`;
}

export function fault(response: ServerResponse, subcode: string, reason: string, status: number): void {
  envelope(response, faultXml(subcode, reason), status);
}

function refuse(call: TestCall, options: TestDeviceOptions, nonces: Set<string>): (() => void) | null {
  const open = options.open ?? ['GetSystemDateAndTime', 'GetServices', 'GetCapabilities', 'GetScopes'];
  const auth = options.auth ?? 'token';
  if (auth === 'open' || open.includes(call.operation)) return null;
  const { response } = call;
  const login = Buffer.from(`${options.username ?? 'admin'}:${options.password ?? 'secret'}`).toString('base64');
  if (auth === 'basic' && call.request.headers.authorization === `Basic ${login}`) return null;
  if (auth === 'basic') return () => challenged(response, ['Basic realm="camera"']);
  const tokenOk = () => tokenVerdict(call.body, options, nonces) === 'ok';
  const refusal = (verdict: string) => () =>
    options.refusal ? options.refusal(call, verdict) : fault(response, 'ter:NotAuthorized', verdict, 400);
  if (auth === 'digest' || auth === 'either' || auth === 'both') {
    if (auth === 'either' && tokenOk()) return null;
    if (digestAccepted(call, options, nonces)) return auth !== 'both' || tokenOk() ? null : refusal('no token');
    const nonce = randomBytes(8).toString('hex');
    nonces.add(nonce);
    const challenges = options.challenge?.(nonce) ?? [`Digest qop="auth", realm="cam", nonce="${nonce}"`];
    return () => challenged(response, challenges);
  }
  const verdict = tokenVerdict(call.body, options, nonces);
  return verdict === 'ok' ? null : refusal(verdict);
}

function challenged(response: ServerResponse, challenges: string[]): void {
  response.writeHead(401, { 'www-authenticate': challenges, 'content-type': 'text/html' }).end('<html>401</html>');
}

function tokenVerdict(body: string, options: TestDeviceOptions, nonces: Set<string>): string {
  const part = (name: string) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
  const [username, digest, nonce, created] = ['Username', 'Password', 'Nonce', 'Created'].map(part) as [
    string,
    string,
    string,
    string,
  ];
  if (digest === '') return 'Sender not authorized';
  const plain = username.replace(/&#(\d+);/g, (_, point) => String.fromCodePoint(Number(point)));
  const expected = createHash('sha1')
    .update(Buffer.from(nonce, 'base64'))
    .update(created)
    .update(options.password ?? 'secret')
    .digest('base64');
  if (nonces.has(nonce)) return 'replayed nonce';
  nonces.add(nonce);
  const age = Math.abs(Date.parse(created) - (Date.now() + (options.skewMs ?? 0)));
  return plain === (options.username ?? 'admin') && digest === expected && age < 5_000 ? 'ok' : 'Sender not authorized';
}

function digestAccepted(call: TestCall, options: TestDeviceOptions, nonces: Set<string>): boolean {
  const header = call.request.headers.authorization ?? '';
  const value = (name: string) => new RegExp(`[ ,]${name}=(?:"([^"]*)"|([^ ,]*))`).exec(header);
  const get = (name: string) => value(name)?.[1] ?? value(name)?.[2] ?? '';
  if (!header.startsWith('Digest ') || !nonces.has(get('nonce'))) return false;
  const algorithm = get('algorithm').startsWith('SHA-256') ? 'sha256' : 'md5';
  const hash = (...parts: string[]) => createHash(algorithm).update(parts.join(':')).digest('hex');
  const secret = hash(options.username ?? 'admin', get('realm'), options.password ?? 'secret');
  const request = hash(call.request.method ?? '', get('uri'));
  const expected = get('qop')
    ? hash(secret, get('nonce'), get('nc'), get('cnonce'), get('qop'), request)
    : hash(secret, get('nonce'), request);
  return (
    get('username') === (options.username ?? 'admin') && get('response') === expected && get('uri') === call.request.url
  );
}

function answers(device: TestDevice, options: TestDeviceOptions): Record<string, string> {
  const base = `http${options.tls ? 's' : ''}://${options.believes ?? device.host}`;
  const rtsp = `rtsp://user:pass@${options.believes?.replace(/:\d+$/, '') ?? '127.0.0.1'}:8554`;
  const now = new Date(Date.now() + (options.skewMs ?? 0));
  const service = (namespace: string, path: string, version: string) => {
    const [major, minor] = version.split('.');
    return `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${base}${path}</tds:XAddr><tds:Version><tt:Major>${major}</tt:Major><tt:Minor>${minor}</tt:Minor></tds:Version></tds:Service>`;
  };
  return {
    GetSystemDateAndTime: `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`,
    GetDeviceInformation:
      '<tds:GetDeviceInformationResponse><tds:Manufacturer></tds:Manufacturer><tds:Model>T&#233;st &amp; Cam</tds:Model><tds:FirmwareVersion>1.20</tds:FirmwareVersion><tds:SerialNumber>007</tds:SerialNumber></tds:GetDeviceInformationResponse>',
    GetScopes:
      '<tds:GetScopesResponse><tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>onvif://www.onvif.org/name/Qu%E1%BA%A7y%201</tt:ScopeItem></tds:Scopes></tds:GetScopesResponse>',
    GetEndpointReference:
      '<tds:GetEndpointReferenceResponse><tds:GUID>0A1B2C3D-0000-4000-8000-0123456789AB</tds:GUID></tds:GetEndpointReferenceResponse>',
    GetServices: `<tds:GetServicesResponse>${service('http://www.onvif.org/ver10/device/wsdl', '/onvif/device_service', '2.60')}${service('http://www.onvif.org/ver10/media/wsdl', '/onvif/media?v=1', '2.6')}${options.media2 ? service('http://www.onvif.org/ver20/media/wsdl', '/onvif/media2', '2.60') : ''}</tds:GetServicesResponse>`,
    GetCapabilities: `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${base}/onvif/device_service</tt:XAddr></tt:Device><tt:PTZ><tt:XAddr>${base}/onvif/ptz</tt:XAddr></tt:PTZ></tds:Capabilities></tds:GetCapabilitiesResponse>`,
    GetProfiles: `<trt:GetProfilesResponse>${profile1('main & 1', 1920, 1080)}${profile1('sub', 640, 360)}</trt:GetProfilesResponse>`,
    'tr2:GetProfiles': `<tr2:GetProfilesResponse>${profile2('m2main', 'H265', 2560, 1440)}${profile2('m2sub', 'H264', 640, 480)}</tr2:GetProfilesResponse>`,
    GetStreamUri: `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${rtsp}/${device.calls.length}?a=1&amp;b=2</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>`,
    'tr2:GetStreamUri': `<tr2:GetStreamUriResponse><tr2:Uri>${rtsp}/m2/${device.calls.length}</tr2:Uri></tr2:GetStreamUriResponse>`,
    GetSnapshotUri: `<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>http://u:p@${options.believes ?? device.host}/snap.jpg</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>`,
  };
}

/** As a device that leaves RateControl out. */
function profile1(token: string, width: number, height: number): string {
  return `<trt:Profiles token="${token.replace('&', '&amp;')}"><tt:Name>${token.replace('&', '&amp;')}</tt:Name><tt:VideoSourceConfiguration token="vs"><tt:SourceToken>src</tt:SourceToken></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="ve"><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles>`;
}

function profile2(token: string, encoding: string, width: number, height: number): string {
  return `<tr2:Profiles token="${token}"><tr2:Name>${token}</tr2:Name><tr2:Configurations><tr2:VideoSource token="vs"><tt:SourceToken>src</tt:SourceToken></tr2:VideoSource><tr2:VideoEncoder token="ve" GovLength="125"><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>`;
}
