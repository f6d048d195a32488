import { type DeviceModel, NAMESPACES, serviceAddress } from './device-model.ts';
import { escapeXml, type XmlElement } from './soap.ts';

/** The device service's answers (ONVIF Core, section 8); each is the content of the SOAP body. */
export const deviceService: Readonly<Record<string, (model: DeviceModel, action: XmlElement) => string>> = {
  GetSystemDateAndTime: (model) => {
    const now = new Date(model.nowMs());
    const utc =
      `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute>` +
      `<tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year>` +
      `<tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`;
    return (
      '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>' +
      '<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone>' +
      `<tt:UTCDateTime>${utc}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
    );
  },

  GetDeviceInformation: (model) =>
    `<tds:GetDeviceInformationResponse><tds:Manufacturer>${escapeXml(model.manufacturer)}</tds:Manufacturer>` +
    `<tds:Model>${escapeXml(model.model)}</tds:Model><tds:FirmwareVersion>${escapeXml(model.firmware)}</tds:FirmwareVersion>` +
    `<tds:SerialNumber>${escapeXml(model.serial)}</tds:SerialNumber>` +
    `<tds:HardwareId>${escapeXml(model.hardwareId)}</tds:HardwareId></tds:GetDeviceInformationResponse>`,

  GetCapabilities: (model) =>
    '<tds:GetCapabilitiesResponse><tds:Capabilities>' +
    `<tt:Device><tt:XAddr>${serviceAddress(model, 'device')}</tt:XAddr>` +
    '<tt:System><tt:DiscoveryResolve>false</tt:DiscoveryResolve><tt:DiscoveryBye>true</tt:DiscoveryBye>' +
    '<tt:RemoteDiscovery>false</tt:RemoteDiscovery><tt:SystemBackup>false</tt:SystemBackup>' +
    '<tt:SystemLogging>false</tt:SystemLogging><tt:FirmwareUpgrade>false</tt:FirmwareUpgrade>' +
    '<tt:SupportedVersions><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions></tt:System>' +
    '<tt:Security><tt:TLS1.1>false</tt:TLS1.1><tt:TLS1.2>false</tt:TLS1.2><tt:OnboardKeyGeneration>false</tt:OnboardKeyGeneration>' +
    '<tt:AccessPolicyConfig>false</tt:AccessPolicyConfig><tt:X.509Token>false</tt:X.509Token><tt:SAMLToken>false</tt:SAMLToken>' +
    '<tt:KerberosToken>false</tt:KerberosToken><tt:RELToken>false</tt:RELToken></tt:Security></tt:Device>' +
    `<tt:Media><tt:XAddr>${serviceAddress(model, 'media')}</tt:XAddr><tt:StreamingCapabilities>` +
    '<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP>' +
    `</tt:StreamingCapabilities></tt:Media>${model.ptz ? `<tt:PTZ><tt:XAddr>${serviceAddress(model, 'ptz')}</tt:XAddr></tt:PTZ>` : ''}` +
    `<tt:Events><tt:XAddr>${serviceAddress(model, 'events')}</tt:XAddr><tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>` +
    '<tt:WSPullPointSupport>true</tt:WSPullPointSupport><tt:WSPausableSubscriptionManagerInterfaceSupport>false' +
    '</tt:WSPausableSubscriptionManagerInterfaceSupport></tt:Events>' +
    `<tt:Imaging><tt:XAddr>${serviceAddress(model, 'imaging')}</tt:XAddr></tt:Imaging></tds:Capabilities></tds:GetCapabilitiesResponse>`,

  GetServices: (model) => {
    const service = (name: keyof typeof NAMESPACES, major: number, minor: number): string =>
      `<tds:Service><tds:Namespace>${NAMESPACES[name]}</tds:Namespace><tds:XAddr>${serviceAddress(model, name)}</tds:XAddr>` +
      `<tds:Version><tt:Major>${major}</tt:Major><tt:Minor>${String(minor).padStart(2, '0')}</tt:Minor></tds:Version></tds:Service>`;
    const services =
      service('device', 2, 60) +
      service('media', 2, 60) +
      service('media2', 2, 4) +
      service('events', 2, 60) +
      service('imaging', 2, 60) +
      (model.ptz ? service('ptz', 2, 60) : '');
    return `<tds:GetServicesResponse>${services}</tds:GetServicesResponse>`;
  },

  GetScopes: (model) => {
    const scopes = model.scopes.map(
      (scope) =>
        `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${escapeXml(scope)}</tt:ScopeItem></tds:Scopes>`,
    );
    return `<tds:GetScopesResponse>${scopes.join('')}</tds:GetScopesResponse>`;
  },

  GetNetworkInterfaces: (model) =>
    '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="lo"><tt:Enabled>true</tt:Enabled>' +
    '<tt:Info><tt:Name>lo</tt:Name><tt:HwAddress>00:00:00:00:00:00</tt:HwAddress></tt:Info>' +
    '<tt:IPv4><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual>' +
    `<tt:Address>${model.onvifAuthority().replace(/:\d+$/, '')}</tt:Address><tt:PrefixLength>8</tt:PrefixLength></tt:Manual>` +
    '<tt:DHCP>false</tt:DHCP></tt:Config></tt:IPv4></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>',

  GetHostname: (model) =>
    '<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>' +
    `<tt:Name>${escapeXml(model.id)}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>`,
};

/** What may be asked without authentication (ONVIF Core, access class PRE_AUTH). */
export const PRE_AUTH_ACTIONS: ReadonlySet<string> = new Set([
  'GetSystemDateAndTime',
  'GetCapabilities',
  'GetServices',
  'GetHostname',
]);
