import { FRAMES_PER_SECOND, GOP_FRAMES } from '../loop-clock.ts';
import type { StreamName } from '../rtsp/rtsp-server.ts';
import {
  type DeviceModel,
  profileToken,
  STREAM_NAMES,
  snapshotUri,
  streamOfProfile,
  streamUri,
} from './device-model.ts';
import { bitrateKbps, streamAsked } from './media-service.ts';
import { child, fault, type XmlElement } from './soap.ts';

/** The answers of the second media service (ONVIF Media2, section 5); each is the content of the SOAP body. */
export const media2Service: Readonly<Record<string, (model: DeviceModel, action: XmlElement) => string>> = {
  GetProfiles: (model, action) => {
    const token = child(action, 'Token')?.text;
    const only = streamOfProfile(token);
    if (token && !only) throw fault.noProfile();
    const types = action.children.filter((element) => element.name === 'Type').map((element) => element.text);
    const streams = only ? [only] : STREAM_NAMES;
    return `<tr2:GetProfilesResponse>${streams.map((stream) => profile(model, stream, types)).join('')}</tr2:GetProfilesResponse>`;
  },

  GetStreamUri: (model, action) =>
    `<tr2:GetStreamUriResponse><tr2:Uri>${streamUri(model, streamAsked(action))}</tr2:Uri></tr2:GetStreamUriResponse>`,

  GetSnapshotUri: (model, action) =>
    `<tr2:GetSnapshotUriResponse><tr2:Uri>${snapshotUri(model, streamAsked(action))}</tr2:Uri></tr2:GetSnapshotUriResponse>`,
};

/** Configurations are told only when their type is asked for (Media2, section 5.2.2). */
function profile(model: DeviceModel, stream: StreamName, types: readonly string[]): string {
  const asked = (type: string): boolean => types.includes('All') || types.includes(type);
  const { width, height } = model.sources.main.clip;
  const source =
    '<tr2:VideoSource token="video_source_config"><tt:Name>video_source_config</tt:Name><tt:UseCount>2</tt:UseCount>' +
    `<tt:SourceToken>video_source</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/></tr2:VideoSource>`;
  const configurations = (asked('VideoSource') ? source : '') + (asked('VideoEncoder') ? encoder(model, stream) : '');
  return (
    `<tr2:Profiles token="${profileToken(stream)}" fixed="true"><tr2:Name>${stream}</tr2:Name>` +
    `${configurations ? `<tr2:Configurations>${configurations}</tr2:Configurations>` : ''}</tr2:Profiles>`
  );
}

function encoder(model: DeviceModel, stream: StreamName): string {
  const { clip } = model.sources[stream];
  const rateControl = model.quirks.noRateControl
    ? ''
    : `<tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>${FRAMES_PER_SECOND}</tt:FrameRateLimit>` +
      `<tt:BitrateLimit>${bitrateKbps(model, stream)}</tt:BitrateLimit></tt:RateControl>`;
  const profileName = clip.codec === 'h264' ? 'High' : 'Main';
  const isJpeg = clip.codec === 'mjpeg';
  const kind = isJpeg ? '' : ` GovLength="${GOP_FRAMES}" Profile="${profileName}"`;
  const encoding = isJpeg ? 'JPEG' : clip.codec.toUpperCase();
  return (
    `<tr2:VideoEncoder token="encoder_${stream}"${kind}>` +
    `<tt:Name>encoder_${stream}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${encoding}</tt:Encoding>` +
    `<tt:Resolution><tt:Width>${clip.width}</tt:Width><tt:Height>${clip.height}</tt:Height></tt:Resolution>` +
    `${rateControl}<tt:Quality>5</tt:Quality></tr2:VideoEncoder>`
  );
}
