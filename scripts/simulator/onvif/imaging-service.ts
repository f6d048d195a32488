import type { DeviceModel } from './device-model.ts';
import { child, OnvifFault, type XmlElement } from './soap.ts';

/**
 * The imaging service's answers (ONVIF Imaging, section 5); each is the content of the SOAP body. The picture is drawn and nothing sets it
 * otherwise, so that settings can be read only: setting them is `ActionNotSupported`, as of everything that is not here.
 */
export const imagingService: Readonly<Record<string, (model: DeviceModel, action: XmlElement) => string>> = {
  GetServiceCapabilities: () =>
    '<timg:GetServiceCapabilitiesResponse><timg:Capabilities ImageStabilization="false" Presets="false"/></timg:GetServiceCapabilitiesResponse>',

  GetImagingSettings: (_model, action) => {
    known(action);
    return (
      '<timg:GetImagingSettingsResponse><timg:ImagingSettings><tt:Brightness>50</tt:Brightness>' +
      '<tt:ColorSaturation>50</tt:ColorSaturation><tt:Contrast>50</tt:Contrast></timg:ImagingSettings></timg:GetImagingSettingsResponse>'
    );
  },

  GetOptions: (_model, action) => {
    known(action);
    const fixed = (name: string) => `<tt:${name}><tt:Min>50</tt:Min><tt:Max>50</tt:Max></tt:${name}>`;
    const options = ['Brightness', 'ColorSaturation', 'Contrast'].map(fixed).join('');
    return `<timg:GetOptionsResponse><timg:ImagingOptions>${options}</timg:ImagingOptions></timg:GetOptionsResponse>`;
  },
};

function known(action: XmlElement): void {
  if (child(action, 'VideoSourceToken')?.text !== 'video_source')
    throw new OnvifFault('Sender', ['InvalidArgVal', 'NoSource'], 'The video source does not exist');
}
