import type { DeviceModel } from './device-model.ts';
import { streamAsked } from './media-service.ts';
import { mostPresets, type PtzHead } from './ptz-head.ts';
import { child, descend, escapeXml, fault, OnvifFault, type XmlElement } from './soap.ts';

const SPACES = 'http://www.onvif.org/ver10/tptz';

/** The PTZ service's answers (ONVIF PTZ, section 5); each is the content of the SOAP body. */
export const ptzService: Readonly<Record<string, (model: DeviceModel, action: XmlElement) => string>> = {
  GetNodes: (model) => `<tptz:GetNodesResponse>${node(headOf(model))}</tptz:GetNodesResponse>`,

  GetStatus: (model, action) => {
    const head = aimed(model, action);
    const { pan, tilt, zoom } = head.position;
    const range = head.options.panRange ?? 1;
    const status = head.moving ? 'MOVING' : 'IDLE';
    return (
      `<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x="${pan * range}" y="${tilt * range}"/>` +
      `<tt:Zoom x="${zoom}"/></tt:Position><tt:MoveStatus><tt:PanTilt>${status}</tt:PanTilt><tt:Zoom>${status}</tt:Zoom>` +
      `</tt:MoveStatus><tt:UtcTime>${new Date(model.nowMs()).toISOString()}</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>`
    );
  },

  ContinuousMove: (model, action) => {
    const head = aimed(model, action);
    const velocity = child(action, 'Velocity');
    if (head.options.zoomOnly && child(velocity, 'PanTilt')) throw spaceNotSupported();
    const timeout = /^PT([\d.]+)S$/.exec(child(action, 'Timeout')?.text ?? '')?.[1];
    const speed = (value: number | undefined) => Math.max(-1, Math.min(1, value ?? 0));
    head.move(
      {
        pan: speed(numberOf(velocity, 'PanTilt', 'x')),
        tilt: speed(numberOf(velocity, 'PanTilt', 'y')),
        zoom: speed(numberOf(velocity, 'Zoom', 'x')),
      },
      timeout === undefined ? null : Number(timeout) * 1_000,
    );
    return '<tptz:ContinuousMoveResponse/>';
  },

  Stop: (model, action) => {
    if (!aimed(model, action).stop()) throw fault.internal();
    return '<tptz:StopResponse/>';
  },

  AbsoluteMove: (model, action) => {
    const head = aimed(model, action);
    if (head.options.continuousOnly) throw fault.actionNotSupported('AbsoluteMove');
    const range = head.options.panRange ?? 1;
    const [pan, tilt, zoom] = vectorOf(child(action, 'Position'));
    head.goTo({
      ...(pan !== undefined && { pan: pan / range }),
      ...(tilt !== undefined && { tilt: tilt / range }),
      ...(zoom !== undefined && { zoom }),
    });
    return '<tptz:AbsoluteMoveResponse/>';
  },

  RelativeMove: (model, action) => {
    const head = aimed(model, action);
    if (head.options.continuousOnly) throw fault.actionNotSupported('RelativeMove');
    const [pan = 0, tilt = 0, zoom = 0] = vectorOf(child(action, 'Translation'));
    const at = head.position;
    head.goTo({ pan: at.pan + pan, tilt: at.tilt + tilt, zoom: at.zoom + zoom });
    return '<tptz:RelativeMoveResponse/>';
  },

  GetPresets: (model, action) => {
    const presets = [...aimed(model, action).presets].map(
      ([token, { name }]) => `<tptz:Preset token="${token}"><tt:Name>${escapeXml(name)}</tt:Name></tptz:Preset>`,
    );
    return `<tptz:GetPresetsResponse>${presets.join('')}</tptz:GetPresetsResponse>`;
  },

  SetPreset: (model, action) => {
    const token = aimed(model, action).keep(
      child(action, 'PresetName')?.text ?? '',
      child(action, 'PresetToken')?.text,
    );
    if (token === null) throw new OnvifFault('Receiver', ['Action', 'TooManyPresets'], 'No room for the preset');
    return `<tptz:SetPresetResponse><tptz:PresetToken>${token}</tptz:PresetToken></tptz:SetPresetResponse>`;
  },

  GotoPreset: (model, action) => {
    const head = aimed(model, action);
    const preset = head.presets.get(child(action, 'PresetToken')?.text ?? '');
    if (!preset) throw noToken();
    head.goTo(preset.at);
    return '<tptz:GotoPresetResponse/>';
  },

  RemovePreset: (model, action) => {
    if (!aimed(model, action).presets.delete(child(action, 'PresetToken')?.text ?? '')) throw noToken();
    return '<tptz:RemovePresetResponse/>';
  },
};

function headOf(model: DeviceModel): PtzHead {
  if (!model.ptz) throw fault.actionNotSupported('PTZ');
  return model.ptz;
}

/** The head, once the profile that the action names is one of the camera's. */
function aimed(model: DeviceModel, action: XmlElement): PtzHead {
  streamAsked(action);
  return headOf(model);
}

function node({ options }: PtzHead): string {
  const range = options.panRange ?? 1;
  const xy = (name: string, uri: string, most: number) =>
    `<tt:${name}><tt:URI>${SPACES}/${uri}</tt:URI><tt:XRange><tt:Min>${-most}</tt:Min><tt:Max>${most}</tt:Max></tt:XRange>` +
    `<tt:YRange><tt:Min>${-most}</tt:Min><tt:Max>${most}</tt:Max></tt:YRange></tt:${name}>`;
  const x = (name: string, uri: string, least: number) =>
    `<tt:${name}><tt:URI>${SPACES}/${uri}</tt:URI><tt:XRange><tt:Min>${least}</tt:Min><tt:Max>1</tt:Max></tt:XRange></tt:${name}>`;
  const moves = !options.zoomOnly;
  const places = !options.continuousOnly;
  const spaces =
    (moves && places ? xy('AbsolutePanTiltPositionSpace', 'PanTiltSpaces/PositionGenericSpace', range) : '') +
    (places ? x('AbsoluteZoomPositionSpace', 'ZoomSpaces/PositionGenericSpace', 0) : '') +
    (moves && places ? xy('RelativePanTiltTranslationSpace', 'PanTiltSpaces/TranslationGenericSpace', 1) : '') +
    (places ? x('RelativeZoomTranslationSpace', 'ZoomSpaces/TranslationGenericSpace', -1) : '') +
    (moves ? xy('ContinuousPanTiltVelocitySpace', 'PanTiltSpaces/VelocityGenericSpace', 1) : '') +
    x('ContinuousZoomVelocitySpace', 'ZoomSpaces/VelocityGenericSpace', -1);
  return (
    `<tptz:PTZNode token="ptz_node"><tt:Name>ptz</tt:Name><tt:SupportedPTZSpaces>${spaces}</tt:SupportedPTZSpaces>` +
    `<tt:MaximumNumberOfPresets>${mostPresets}</tt:MaximumNumberOfPresets><tt:HomeSupported>false</tt:HomeSupported></tptz:PTZNode>`
  );
}

function vectorOf(element: XmlElement | undefined): (number | undefined)[] {
  return [numberOf(element, 'PanTilt', 'x'), numberOf(element, 'PanTilt', 'y'), numberOf(element, 'Zoom', 'x')];
}

function numberOf(element: XmlElement | undefined, name: string, attribute: string): number | undefined {
  const value = Number(descend(element, name)?.attributes.get(attribute) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

function spaceNotSupported(): OnvifFault {
  return new OnvifFault('Sender', ['InvalidArgVal', 'SpaceNotSupported'], 'The camera does not turn');
}

function noToken(): OnvifFault {
  return new OnvifFault('Sender', ['InvalidArgVal', 'NoToken'], 'The preset does not exist');
}
