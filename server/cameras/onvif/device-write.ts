import { isIP } from 'node:net';
import type { DeviceClient } from './device-client.ts';
import { OnvifError } from './errors.ts';
import { printable } from './scopes.ts';
import { namespaces } from './services.ts';
import { soapEnvelope } from './soap.ts';
import { all, at, escapeXml, textAt, type XmlElement } from './xml.ts';

export interface TimeSettings {
  source: 'ntp' | 'manual' | null;
  /** As the device writes it (POSIX), or null. */
  timeZone: string | null;
  daylightSavings: boolean;
}

const schema = 'http://www.onvif.org/ver10/schema';

/** Where the device has its time from (ONVIF Core, section 8.3.9). Errors: `OnvifError`. */
export async function readTimeSettings(client: DeviceClient): Promise<TimeSettings> {
  const told = at(await call(client, 'GetSystemDateAndTime', ''), 'SystemDateAndTime');
  const kind = (textAt(told, 'DateTimeType') ?? '').toLowerCase();
  return {
    source: kind === 'ntp' || kind === 'manual' ? kind : null,
    timeZone: textAt(told, 'TimeZone', 'TZ'),
    daylightSavings: textAt(told, 'DaylightSavings') === 'true',
  };
}

/** The time servers that it was given, and those of DHCP where it takes those (section 8.3.12). Errors: `OnvifError`. */
export async function readTimeServers(client: DeviceClient): Promise<string[]> {
  const told = at(await call(client, 'GetNTP', ''), 'NTPInformation');
  const entries = [...all(told, 'NTPManual'), ...all(told, 'NTPFromDHCP')].slice(0, 8);
  return entries.flatMap((entry) => {
    const name = textAt(entry, 'DNSname') ?? textAt(entry, 'IPv4Address') ?? textAt(entry, 'IPv6Address');
    return name === null ? [] : [printable(name, 253)];
  });
}

/** Sets the clock once; zone and daylight saving stay (section 8.3.10). Errors: `OnvifError`. */
export async function setClock(client: DeviceClient, nowMs: number, settings: TimeSettings): Promise<void> {
  const now = new Date(nowMs);
  const utc =
    `<tt:Time>${tag('Hour', now.getUTCHours())}${tag('Minute', now.getUTCMinutes())}${tag('Second', now.getUTCSeconds())}</tt:Time>` +
    `<tt:Date>${tag('Year', now.getUTCFullYear())}${tag('Month', now.getUTCMonth() + 1)}${tag('Day', now.getUTCDate())}</tt:Date>`;
  await setTime(client, 'Manual', settings, `<tds:UTCDateTime>${utc}</tds:UTCDateTime>`);
}

/** Has the device follow a time server (sections 8.3.10 and 8.3.13). Errors: `OnvifError`. */
export async function followTimeServer(client: DeviceClient, server: string, settings: TimeSettings): Promise<void> {
  const family = isIP(server);
  const [type, name] =
    family === 4 ? ['IPv4', 'IPv4Address'] : family === 6 ? ['IPv6', 'IPv6Address'] : ['DNS', 'DNSname'];
  const manual = `<tds:NTPManual>${tag('Type', type)}${tag(name, server)}</tds:NTPManual>`;
  await call(client, 'SetNTP', `<tds:FromDHCP>false</tds:FromDHCP>${manual}`);
  await setTime(client, 'NTP', settings, '');
}

/** Restarts the device; returns what it says of it, as a rule how long that takes (section 8.3.7). Errors: `OnvifError`. */
export async function reboot(client: DeviceClient): Promise<string> {
  try {
    return printable(textAt(await call(client, 'SystemReboot', ''), 'Message') ?? '', 200);
  } catch (error) {
    // Some go before they have answered.
    if (error instanceof OnvifError && error.detail === 'closed') return '';
    throw error;
  }
}

function setTime(
  client: DeviceClient,
  kind: 'Manual' | 'NTP',
  settings: TimeSettings,
  time: string,
): Promise<XmlElement> {
  const zone = settings.timeZone === null ? '' : `<tds:TimeZone>${tag('TZ', settings.timeZone)}</tds:TimeZone>`;
  const daylight = `<tds:DaylightSavings>${settings.daylightSavings}</tds:DaylightSavings>`;
  return call(client, 'SetSystemDateAndTime', `<tds:DateTimeType>${kind}</tds:DateTimeType>${daylight}${zone}${time}`);
}

function call(client: DeviceClient, operation: string, body: string): Promise<XmlElement> {
  const envelope = soapEnvelope({ tds: namespaces.device, tt: schema }, `<tds:${operation}>${body}</tds:${operation}>`);
  return client.call(client.url, operation, envelope);
}

function tag(name: string | undefined, value: string | number | undefined): string {
  return `<tt:${name}>${escapeXml(String(value))}</tt:${name}>`;
}
