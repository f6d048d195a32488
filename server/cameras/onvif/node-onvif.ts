import OnvifServiceDevice from 'node-onvif/lib/modules/service-device.js';
import OnvifServiceMedia from 'node-onvif/lib/modules/service-media.js';
import soap from 'node-onvif/lib/modules/soap.js';
import type { DeviceClient } from './device-client.ts';
import { escapeXml, type XmlElement } from './xml.ts';

type Auth = 'anonymous' | 'authenticated' | 'preferred';
type Sender = (operation: string, envelope: string) => Promise<XmlElement>;

/**
 * node-onvif's classes all send through `soap.requestCommand`, naming the sender only by the address object that each of them holds.
 * Here that object is the key to our own transport. Classes that are not ours keep node-onvif's own way.
 */
const senders = new WeakMap<object, Sender>();
const original = soap.requestCommand.bind(soap);
soap.requestCommand = (address, operation, envelope) => {
  const send = senders.get(address);
  return send ? send(operation, envelope).then((data) => ({ data })) : original(address, operation, envelope);
};

function bind(service: { oxaddr: object }, client: DeviceClient, url: URL, auth: Auth): void {
  senders.set(service.oxaddr, (operation, envelope) => client.call(url, operation, envelope, auth));
}

const element = (result: { data: unknown }) => result.data as XmlElement;

/** Device service operations; each returns the operation's response element. Errors: `OnvifError`. */
export function deviceService(client: DeviceClient, auth: Auth = 'preferred') {
  // node-onvif is given neither user nor password: the envelopes come with an empty header, and the transport fills it.
  const service = new OnvifServiceDevice({ xaddr: client.url.href });
  bind(service, client, client.url, auth);
  return {
    information: () => service.getDeviceInformation().then(element),
    capabilities: () => service.getCapabilities().then(element),
    scopes: () => service.getScopes().then(element),
  };
}

/** Media service (version 1) operations; each returns the operation's response element. Errors: `OnvifError`. */
export function mediaService(client: DeviceClient, url: URL) {
  const service = new OnvifServiceMedia({ xaddr: url.href });
  bind(service, client, url, 'preferred');
  // The class puts the token into its XML as it is, and refuses what is not ASCII.
  return {
    profiles: () => service.getProfiles().then(element),
    streamUri: (token: string, protocol: 'RTSP' | 'UDP') =>
      service.getStreamUri({ ProfileToken: escapeXml(token), Protocol: protocol }).then(element),
    snapshotUri: (token: string) => service.getSnapshotUri({ ProfileToken: escapeXml(token) }).then(element),
  };
}
