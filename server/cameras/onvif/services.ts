import { portOf, type RepairedAddress, repairServiceAddress } from './addresses.ts';
import type { DeviceClient } from './device-client.ts';
import { authFailureOf, OnvifError } from './errors.ts';
import { deviceService } from './node-onvif.ts';
import { soapEnvelope } from './soap.ts';
import { all, at, textAt, type XmlElement } from './xml.ts';

export const namespaces = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
  imaging: 'http://www.onvif.org/ver20/imaging/wsdl',
  analytics: 'http://www.onvif.org/ver20/analytics/wsdl',
  deviceIo: 'http://www.onvif.org/ver10/deviceIO/wsdl',
  recording: 'http://www.onvif.org/ver10/recording/wsdl',
  search: 'http://www.onvif.org/ver10/search/wsdl',
  replay: 'http://www.onvif.org/ver10/replay/wsdl',
} as const;

export interface ServiceReading {
  services: OnvifService[];
  /** What stood in the way of either question. */
  failures: OnvifError[];
  /** The device names no media service; its device address is taken for one. */
  mediaGuessed: boolean;
  /** The port under which the device knows its own device service. */
  ownPort: string | null;
}

export interface OnvifService {
  namespace: string;
  address: RepairedAddress;
  /** As written by the device, e.g. `2.60`: versions are names, `2.6` and `2.60` differ. */
  version: string | null;
}

interface Sent {
  namespace: string;
  xaddr: string;
  version: string | null;
}

/**
 * The union of GetServices and GetCapabilities: each leaves out services that the other names. A device that knows neither is taken to
 * serve media at its device address. Errors: `OnvifError` where authentication fails.
 */
export async function readServices(client: DeviceClient): Promise<ServiceReading> {
  const failures: OnvifError[] = [];
  const attempt = async (read: () => Promise<Sent[]>): Promise<Sent[]> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof OnvifError) || authFailureOf(error) || error.failure === 'aborted') throw error;
      failures.push(error);
      return [];
    }
  };
  const [fromServices, fromCapabilities] = await Promise.all([
    attempt(() => getServices(client)),
    attempt(async () => fromCapabilitiesResponse(await deviceService(client).capabilities())),
  ]);

  const sent = new Map<string, Sent>();
  for (const entry of [...fromServices, ...fromCapabilities])
    if (!sent.has(entry.namespace)) sent.set(entry.namespace, entry);
  const ownPort = ownPortOf(sent);
  const services: OnvifService[] = [];
  for (const { namespace, xaddr, version } of sent.values()) {
    const address = repairServiceAddress(xaddr, client.url, ownPort);
    if (address) services.push({ namespace, address, version });
  }
  const mediaGuessed = !services.some(
    ({ namespace }) => namespace === namespaces.media || namespace === namespaces.media2,
  );
  if (mediaGuessed) {
    services.push({
      namespace: namespaces.media,
      address: { url: new URL(client.url), asSent: '', repaired: true },
      version: null,
    });
  }
  return { services: services.slice(0, 64), failures, mediaGuessed, ownPort };
}

/** The port of the device service, or, where that is not named, the one that all others share. */
function ownPortOf(sent: ReadonlyMap<string, Sent>): string | null {
  const device = sent.get(namespaces.device);
  const named = (device ? [device] : [...sent.values()]).flatMap(({ xaddr }) => URL.parse(xaddr.trim()) ?? []);
  const ports = new Set(named.map(portOf));
  return ports.size === 1 ? ([...ports][0] ?? null) : null;
}

async function getServices(client: DeviceClient): Promise<Sent[]> {
  const envelope = soapEnvelope(
    { tds: namespaces.device },
    '<tds:GetServices><tds:IncludeCapability>false</tds:IncludeCapability></tds:GetServices>',
  );
  const response = await client.call(client.url, 'GetServices', envelope);
  return all(response, 'Service').flatMap((service): Sent[] => {
    const [namespace, xaddr] = [textAt(service, 'Namespace'), textAt(service, 'XAddr')];
    if (!namespace || !xaddr) return [];
    const [major, minor] = [textAt(service, 'Version', 'Major'), textAt(service, 'Version', 'Minor')];
    return [
      {
        namespace: namespace.slice(0, 200),
        xaddr,
        version: major === null ? null : `${major}.${minor ?? '0'}`.slice(0, 20),
      },
    ];
  });
}

const capabilityNames: readonly [string, string][] = [
  [namespaces.device, 'Device'],
  [namespaces.media, 'Media'],
  [namespaces.ptz, 'PTZ'],
  [namespaces.events, 'Events'],
  [namespaces.imaging, 'Imaging'],
  [namespaces.analytics, 'Analytics'],
  [namespaces.media2, 'Media2'],
  [namespaces.deviceIo, 'DeviceIO'],
  [namespaces.recording, 'Recording'],
  [namespaces.search, 'Search'],
  [namespaces.replay, 'Replay'],
];

function fromCapabilitiesResponse(response: XmlElement): Sent[] {
  const capabilities = at(response, 'Capabilities');
  return capabilityNames.flatMap(([namespace, name]): Sent[] => {
    // Some put beside the others what belongs into the extension, or the other way round.
    const xaddr = textAt(capabilities, name, 'XAddr') ?? textAt(capabilities, 'Extension', name, 'XAddr');
    return xaddr ? [{ namespace, xaddr, version: null }] : [];
  });
}
