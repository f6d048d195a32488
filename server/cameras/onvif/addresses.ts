import { isLocalToDevice, isLoopback } from '../networks.ts';

export interface RepairedAddress {
  url: URL;
  /** As the device sent it, without user info. */
  asSent: string;
  repaired: boolean;
}

/**
 * A device names its services as it sees itself: 0.0.0.0, loopback, an address behind NAT. The host that answered takes the place of
 * any other, since nothing else may get the credentials; path and query stay, and the port too, except that the port under which the
 * device knows its own device service is the port that answered (port forwarding). Https is never left for http.
 * Returns null for what is no http address.
 */
export function repairServiceAddress(
  sent: string,
  answered: URL,
  ownPort: string | null = null,
): RepairedAddress | null {
  // Some devices list all of their addresses in one place.
  const first = unescapeAgain(sent.slice(0, maxLength)).trim().split(/\s/)[0] ?? '';
  const url =
    URL.parse(first) ?? (pathOnly.test(first) ? URL.parse(first.replace(/^\/*/, '/'), answered.origin) : null);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  stripUserInfo(url);
  const asSent = url.href;
  if (answered.protocol === 'https:' && url.protocol === 'http:') {
    url.protocol = 'https:';
    url.port = answered.port;
  } else if (url.protocol === answered.protocol && ownPort !== null && portOf(url) === ownPort) {
    url.port = answered.port;
  }
  url.hostname = answered.hostname;
  return { url, asSent, repaired: url.href !== asSent };
}

/** Longer ones are no addresses. */
const maxLength = 2_000;
/** An address that names no host at all, as `onvif/media_service`. */
const pathOnly = /^\/{0,2}[\w.-]+(?:\/[\w.-]*)+(?:\?[^\s#]*)?$/;

export function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

/**
 * A stream address for the recorder: rtsp or rtsps, no user info, the answering host in place of any other. What only the host or the
 * user info makes unreadable (none at all, a bare IPv6 address, a password with a slash) is mended. Null for anything else.
 */
export function repairStreamAddress(sent: string, answeredHostname: string): RepairedAddress | null {
  const text = unescapeAgain(sent.slice(0, maxLength)).trim();
  const readable = parseRtsp(text);
  const url = readable ?? parseRtsp(withHost(text, answeredHostname));
  if (!url) return null;
  stripUserInfo(url);
  const asSent = readable ? url.href : withoutUserInfo(text);
  url.hostname = answeredHostname;
  // Port 0 is how some devices say that they did not look.
  if (url.port === '0') url.port = '';
  return { url, asSent, repaired: url.href !== asSent };
}

/** Devices that escape their addresses twice leave `&amp;` after the XML has been read. */
function unescapeAgain(text: string): string {
  return text.replace(/&(?:amp;)+/gi, '&');
}

/** The same address under another host, taken apart without regard to what stands in the host's place. */
function withHost(text: string, host: string): string {
  const [, scheme = '', rest = ''] = /^(rtsps?):\/\/(.*)$/is.exec(text) ?? [];
  const authority = rest.slice(rest.lastIndexOf('@') + 1);
  const path = authority.slice(authority.search(/[/?]|$/));
  const place = authority.slice(0, authority.length - path.length);
  const port = /^(?:\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(place)?.[1] ?? /::.*:(8?554)$/.exec(place)?.[1];
  return scheme === '' ? '' : `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}`;
}

function withoutUserInfo(text: string): string {
  return text.replace(/^(rtsps?:\/\/).*@/is, '$1');
}

export function parseRtsp(text: string): URL | null {
  const url = URL.parse(text.trim());
  return url && (url.protocol === 'rtsp:' || url.protocol === 'rtsps:') && url.hostname !== '' ? url : null;
}

/** Of an address that is shown: some makes put the password into the path or the query, where it has to stay for the address to work. */
export function withoutPassword(address: string): string {
  return address.replace(/((?:^|[/?&_;])(?:pwd|psw|pass|passwd|password)=)[^/?&_;#]*/gi, '$1***');
}

function stripUserInfo(url: URL): void {
  url.username = '';
  url.password = '';
}

/** Who answered a discovery. */
export interface Answerer {
  /** Where the answer came from. */
  source: string;
  /** The source is an address of our own machine, where loopback addresses mean the same to both. */
  onThisMachine: boolean;
  /** One device that speaks for itself, no proxy for many. */
  speaksForItself: boolean;
}

/**
 * The one address to talk to out of the XAddrs of a discovery answer. An XAddr on the host that the answer came from is best; one that
 * means nothing outside of the device gets that host; when a single device speaks for itself, so does any other, because that host is
 * known to answer. Null where there is no http address.
 */
export function chooseXAddr(xaddrs: readonly string[], answerer: Answerer): URL | null {
  const urls = xaddrs
    .map((text) => URL.parse(text))
    .filter((url): url is URL => url !== null && (url.protocol === 'http:' || url.protocol === 'https:'));
  const { source } = answerer;
  const sourceHost = source.includes(':') ? `[${source.replace(/%.*$/, '')}]` : source;
  const chosen =
    urls.find((url) => url.hostname === sourceHost) ?? urls.find((url) => !url.hostname.startsWith('[')) ?? urls[0];
  if (!chosen) return null;
  stripUserInfo(chosen);
  if (answerer.onThisMachine && isLoopback(chosen.hostname)) return chosen;
  if (answerer.speaksForItself || isLocalToDevice(chosen.hostname)) chosen.hostname = sourceHost;
  return chosen;
}

/** `host`, `host:port`, `[v6]:port` or a whole http(s) address → device service address; the usual path and port 80 by default. Null for nonsense. */
export function deviceServiceUrl(address: string): URL | null {
  const text = address.trim();
  if (text.length > maxLength) return null;
  if (text.includes('://') && !/^https?:/i.test(text)) return null;
  const bare =
    (text.match(/:/g)?.length ?? 0) > 1 && !text.startsWith('[') && !text.includes('//') ? `[${text}]` : text;
  const url = URL.parse(/^https?:\/\//i.test(bare) ? bare : `http://${bare}`);
  if (!url || url.hostname === '' || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  stripUserInfo(url);
  url.hash = '';
  if (url.pathname === '/') url.pathname = '/onvif/device_service';
  return url;
}
