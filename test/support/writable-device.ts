import {
  envelope,
  fault,
  startTestDevice,
  type TestCall,
  type TestDevice,
  type TestDeviceOptions,
} from './onvif-device.ts';

export interface WritableEncoder {
  encoding: 'H264' | 'H265' | 'JPEG';
  width: number;
  height: number;
  fps: number;
  gop: number;
  kbps: number;
}

export interface WritableOptions extends Omit<TestDeviceOptions, 'override' | 'skewMs'> {
  main?: Partial<WritableEncoder>;
  sub?: Partial<WritableEncoder> | null;
  /** H.264 sizes that the encoders offer; none: it refuses to tell. */
  sizes?: readonly (readonly [number, number])[];
  gopRange?: readonly [number, number];
  skewMs?: number;
  audio?: boolean;
  /** What the device does with what it is asked for: takes it, refuses it, or says yes and does nothing. */
  obedience?: 'takes' | 'refuses' | 'lies';
  rtsp?: string;
  override?: TestDeviceOptions['override'];
}

export interface WritableDevice extends TestDevice {
  main: WritableEncoder;
  sub: WritableEncoder | null;
  skewMs: () => number;
  ntp: () => string | null;
  reboots: () => number;
}

/** A device whose encoders, clock and time server can be set, by Media1 or, with `media2`, by Media2. */
export async function startWritableDevice(options: WritableOptions = {}): Promise<WritableDevice> {
  const main: WritableEncoder = {
    encoding: 'H264',
    width: 1920,
    height: 1080,
    fps: 25,
    gop: 50,
    kbps: 4096,
    ...options.main,
  };
  const sub: WritableEncoder | null =
    options.sub === null
      ? null
      : { encoding: 'H264', width: 640, height: 360, fps: 25, gop: 25, kbps: 512, ...options.sub };
  let skewMs = options.skewMs ?? 0;
  let ntp: string | null = null;
  let source = 'Manual';
  let reboots = 0;
  const obedience = options.obedience ?? 'takes';
  const encoders = () => [['main', main] as const, ...(sub ? [['sub', sub] as const] : [])];
  const of = (body: string, name: string) =>
    new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
  const set = (call: TestCall, answer: string, change: () => void) => {
    if (obedience === 'refuses') return fault(call.response, 'ter:ActionNotSupported', 'no', 500);
    if (obedience === 'takes') change();
    envelope(call.response, answer);
  };
  const setEncoder = (prefix: string) => (call: TestCall) =>
    set(call, `<${prefix}:SetVideoEncoderConfigurationResponse/>`, () => {
      const encoder = /Configuration token="ve_main"/.test(call.body) ? main : sub;
      if (!encoder) return;
      const gop = /GovLength="(\d+)"/.exec(call.body)?.[1] ?? of(call.body, 'GovLength');
      const number = (name: string, otherwise: number) => Number(of(call.body, name) || otherwise);
      Object.assign(encoder, {
        encoding: of(call.body, 'Encoding'),
        width: number('Width', encoder.width),
        height: number('Height', encoder.height),
        fps: number('FrameRateLimit', encoder.fps),
        kbps: number('BitrateLimit', encoder.kbps),
        gop: Number(gop || encoder.gop),
      });
    });
  const sizes = (options.sizes ?? [])
    .map(
      ([w, h]) =>
        `<tt:ResolutionsAvailable><tt:Width>${w}</tt:Width><tt:Height>${h}</tt:Height></tt:ResolutionsAvailable>`,
    )
    .join('');
  const [least, most] = options.gopRange ?? [1, 400];
  const told = (answer: string) => (call: TestCall) =>
    sizes === '' ? fault(call.response, 'ter:ActionNotSupported', 'no', 500) : envelope(call.response, answer);
  const rtsp = (token: string) => `${options.rtsp ?? 'rtsp://127.0.0.1:1'}/${token}`;
  const operations: [string, (call: TestCall) => void][] = [
    [
      'GetSystemDateAndTime',
      ({ response }) => {
        const now = new Date(Date.now() + skewMs);
        envelope(
          response,
          `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>${source}</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`,
        );
      },
    ],
    [
      'SetSystemDateAndTime',
      (call) =>
        set(call, '<tds:SetSystemDateAndTimeResponse/>', () => {
          source = of(call.body, 'DateTimeType');
          const [y, mo, d, h, mi, s] = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].map((name) =>
            Number(of(call.body, name)),
          );
          skewMs = source === 'NTP' ? 0 : Date.UTC(y ?? 0, (mo ?? 1) - 1, d, h, mi, s) - Date.now();
        }),
    ],
    [
      'GetNTP',
      ({ response }) =>
        envelope(
          response,
          `<tds:GetNTPResponse><tds:NTPInformation><tt:FromDHCP>false</tt:FromDHCP>${ntp === null ? '' : `<tt:NTPManual><tt:Type>DNS</tt:Type><tt:DNSname>${ntp}</tt:DNSname></tt:NTPManual>`}</tds:NTPInformation></tds:GetNTPResponse>`,
        ),
    ],
    [
      'SetNTP',
      (call) =>
        set(call, '<tds:SetNTPResponse/>', () => {
          ntp = of(call.body, 'DNSname') || of(call.body, 'IPv4Address');
        }),
    ],
    [
      'SystemReboot',
      (call) =>
        set(
          call,
          '<tds:SystemRebootResponse><tds:Message>Rebooting in 30 seconds</tds:Message></tds:SystemRebootResponse>',
          () => {
            reboots += 1;
          },
        ),
    ],
    [
      'GetProfiles',
      ({ response }) =>
        envelope(
          response,
          `<trt:GetProfilesResponse>${encoders()
            .map(([token, one]) => profile1(token, one, options.audio === true))
            .join('')}</trt:GetProfilesResponse>`,
        ),
    ],
    [
      'tr2:GetProfiles',
      ({ response }) =>
        envelope(
          response,
          `<tr2:GetProfilesResponse>${encoders()
            .map(([token, one]) => profile2(token, one, options.audio === true))
            .join('')}</tr2:GetProfilesResponse>`,
        ),
    ],
    [
      'GetStreamUri',
      ({ response, body }) =>
        envelope(
          response,
          `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${rtsp(of(body, 'ProfileToken'))}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>`,
        ),
    ],
    [
      'tr2:GetStreamUri',
      ({ response, body }) =>
        envelope(
          response,
          `<tr2:GetStreamUriResponse><tr2:Uri>${rtsp(of(body, 'ProfileToken'))}</tr2:Uri></tr2:GetStreamUriResponse>`,
        ),
    ],
    [
      'GetVideoEncoderConfigurationOptions',
      told(
        `<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>6</tt:Max></tt:QualityRange><tt:H264>${sizes}<tt:GovLengthRange><tt:Min>${least}</tt:Min><tt:Max>${most}</tt:Max></tt:GovLengthRange><tt:FrameRateRange><tt:Min>1</tt:Min><tt:Max>25</tt:Max></tt:FrameRateRange><tt:EncodingIntervalRange><tt:Min>1</tt:Min><tt:Max>1</tt:Max></tt:EncodingIntervalRange><tt:H264ProfilesSupported>Main</tt:H264ProfilesSupported></tt:H264></trt:Options></trt:GetVideoEncoderConfigurationOptionsResponse>`,
      ),
    ],
    [
      'tr2:GetVideoEncoderConfigurationOptions',
      told(
        `<tr2:GetVideoEncoderConfigurationOptionsResponse><tr2:Options GovLengthRange="${least} ${most}" FrameRatesSupported="25 20 15 10" ProfilesSupported="Main High"><tt:Encoding>H264</tt:Encoding><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>6</tt:Max></tt:QualityRange>${sizes}<tt:BitrateRange><tt:Min>64</tt:Min><tt:Max>8192</tt:Max></tt:BitrateRange></tr2:Options></tr2:GetVideoEncoderConfigurationOptionsResponse>`,
      ),
    ],
    ['SetVideoEncoderConfiguration', setEncoder('trt')],
    ['tr2:SetVideoEncoderConfiguration', setEncoder('tr2')],
  ];
  const override = { ...Object.fromEntries(operations), ...options.override };
  const device = await startTestDevice({
    ...options,
    override,
    // The token is judged by the clock that the device has at the moment.
    get skewMs() {
      return skewMs;
    },
  } as TestDeviceOptions);
  return Object.assign(device, { main, sub, skewMs: () => skewMs, ntp: () => ntp, reboots: () => reboots });
}

const audio1 =
  '<tt:AudioEncoderConfiguration token="ae"><tt:Encoding>G711</tt:Encoding></tt:AudioEncoderConfiguration>';

function profile1(token: string, { encoding, width, height, fps, gop, kbps }: WritableEncoder, audio: boolean): string {
  // Media1 has no word for H.265.
  const word = encoding === 'H265' ? 'H264' : encoding;
  return `<trt:Profiles token="${token}"><tt:Name>${token}</tt:Name><tt:VideoSourceConfiguration token="vs"><tt:SourceToken>src</tt:SourceToken></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="ve_${token}"><tt:Name>ve_${token}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${word}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>${kbps}</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>${gop}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264><tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration>${audio ? audio1 : ''}</trt:Profiles>`;
}

function profile2(token: string, { encoding, width, height, fps, gop, kbps }: WritableEncoder, audio: boolean): string {
  return `<tr2:Profiles token="${token}"><tr2:Name>${token}</tr2:Name><tr2:Configurations><tr2:VideoSource token="vs"><tt:SourceToken>src</tt:SourceToken></tr2:VideoSource>${audio ? '<tr2:AudioEncoder token="ae"/>' : ''}<tr2:VideoEncoder token="ve_${token}" GovLength="${gop}" Profile="Main"><tt:Name>ve_${token}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl ConstantBitRate="true"><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:BitrateLimit>${kbps}</tt:BitrateLimit></tt:RateControl><tt:Quality>4</tt:Quality></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>`;
}
