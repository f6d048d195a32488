/** What is used of node-onvif 0.1.7: the SOAP classes, which build the requests, and the object through which all of them send. */
declare module 'node-onvif/lib/modules/soap.js' {
  const soap: {
    requestCommand(address: object, operation: string, envelope: string): Promise<{ data: unknown }>;
  };
  export default soap;
}

declare module 'node-onvif/lib/modules/service-device.js' {
  export default class OnvifServiceDevice {
    constructor(parameters: { xaddr: string });
    readonly oxaddr: object;
    getDeviceInformation(): Promise<{ data: unknown }>;
    getCapabilities(): Promise<{ data: unknown }>;
    getScopes(): Promise<{ data: unknown }>;
  }
}

declare module 'node-onvif/lib/modules/service-media.js' {
  export default class OnvifServiceMedia {
    constructor(parameters: { xaddr: string });
    readonly oxaddr: object;
    getProfiles(): Promise<{ data: unknown }>;
    getStreamUri(parameters: { ProfileToken: string; Protocol: 'UDP' | 'HTTP' | 'RTSP' }): Promise<{ data: unknown }>;
    getSnapshotUri(parameters: { ProfileToken: string }): Promise<{ data: unknown }>;
  }
}
