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
import { child, fault, type XmlElement } from './soap.ts';

/** The media service's answers (ONVIF Media, sections 5.2 to 5.15); each is the content of the SOAP body. */
export const mediaService: Readonly<Record<string, (model: DeviceModel, action: XmlElement) => string>> = {
  GetProfiles: (model) => {
    const profiles = STREAM_NAMES.map((stream) => profile(model, stream, 'trt:Profiles'));
    return `<trt:GetProfilesResponse>${profiles.join('')}</trt:GetProfilesResponse>`;
  },

  GetProfile: (model, action) =>
    `<trt:GetProfileResponse>${profile(model, streamAsked(action), 'trt:Profile')}</trt:GetProfileResponse>`,

  GetVideoSources: (model) => {
    const { width, height } = model.sources.main.clip;
    return (
      '<trt:GetVideoSourcesResponse><trt:VideoSources token="video_source">' +
      `<tt:Framerate>${FRAMES_PER_SECOND}</tt:Framerate>` +
      `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>` +
      '</trt:VideoSources></trt:GetVideoSourcesResponse>'
    );
  },

  GetVideoEncoderConfigurations: (model) => {
    const all = STREAM_NAMES.map((stream) => encoder(model, stream, 'trt:Configurations'));
    return `<trt:GetVideoEncoderConfigurationsResponse>${all.join('')}</trt:GetVideoEncoderConfigurationsResponse>`;
  },

  GetStreamUri: (model, action) =>
    `<trt:GetStreamUriResponse>${mediaUri(streamUri(model, streamAsked(action)))}</trt:GetStreamUriResponse>`,

  GetSnapshotUri: (model, action) =>
    `<trt:GetSnapshotUriResponse>${mediaUri(snapshotUri(model, streamAsked(action)))}</trt:GetSnapshotUriResponse>`,
};

/** The stream of the profile that the action names. Throws the NoProfile fault. */
export function streamAsked(action: XmlElement): StreamName {
  const stream = streamOfProfile(child(action, 'ProfileToken')?.text);
  if (!stream) throw fault.noProfile();
  return stream;
}

/** How many kilobits a second a stream's loop comes to. */
export function bitrateKbps(model: DeviceModel, stream: StreamName): number {
  const { clip } = model.sources[stream];
  return Math.max(1, Math.round((clip.packets.length * 8 * FRAMES_PER_SECOND) / clip.frames / 1000));
}

function mediaUri(uri: string): string {
  return (
    `<trt:MediaUri><tt:Uri>${uri}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>` +
    '<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT60S</tt:Timeout></trt:MediaUri>'
  );
}

function profile(model: DeviceModel, stream: StreamName, tag: string): string {
  const { width, height } = model.sources.main.clip;
  return (
    `<${tag} token="${profileToken(stream)}" fixed="true"><tt:Name>${stream}</tt:Name>` +
    '<tt:VideoSourceConfiguration token="video_source_config"><tt:Name>video_source_config</tt:Name><tt:UseCount>2</tt:UseCount>' +
    `<tt:SourceToken>video_source</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/>` +
    `</tt:VideoSourceConfiguration>${encoder(model, stream, 'tt:VideoEncoderConfiguration')}</${tag}>`
  );
}

function encoder(model: DeviceModel, stream: StreamName, tag: string): string {
  const { clip } = model.sources[stream];
  const isJpeg = clip.codec === 'mjpeg';
  const rateControl = model.quirks.noRateControl
    ? ''
    : `<tt:RateControl><tt:FrameRateLimit>${FRAMES_PER_SECOND}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>` +
      `<tt:BitrateLimit>${bitrateKbps(model, stream)}</tt:BitrateLimit></tt:RateControl>`;
  // Media1 has no word for H.265; cameras that send it say H264 here and the truth in Media2.
  return (
    `<${tag} token="encoder_${stream}"><tt:Name>encoder_${stream}</tt:Name><tt:UseCount>1</tt:UseCount>` +
    `<tt:Encoding>${isJpeg ? 'JPEG' : 'H264'}</tt:Encoding>` +
    `<tt:Resolution><tt:Width>${clip.width}</tt:Width><tt:Height>${clip.height}</tt:Height></tt:Resolution>` +
    `<tt:Quality>5</tt:Quality>${rateControl}` +
    (isJpeg
      ? ''
      : `<tt:H264><tt:GovLength>${GOP_FRAMES}</tt:GovLength><tt:H264Profile>High</tt:H264Profile></tt:H264>`) +
    '<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>' +
    '<tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>' +
    `<tt:SessionTimeout>PT60S</tt:SessionTimeout></${tag}>`
  );
}
