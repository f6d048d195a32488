import { startTestDevice, type TestCall, type TestDevice, type TestDeviceOptions } from './onvif-device.ts';

export interface RecordedAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** What stands in the SOAP body, or with `whole` the whole HTTP body. */
  body: string | Uint8Array;
  whole?: boolean;
}

/** How one make of device answers, put together from what is known of it: its way of writing, its addresses, its refusals. */
export interface RecordedDevice {
  name: string;
  auth: TestDeviceOptions['auth'];
  /** Operations that strangers may call besides GetSystemDateAndTime. */
  open?: readonly string[];
  /** Strangers are not even told the time. */
  hidesTime?: boolean;
  challenge?: TestDeviceOptions['challenge'];
  /** How strangers are refused, where not by HTTP Digest. */
  refusal?: RecordedAnswer;
  skewMs?: number;
  /** What stands before and behind the content of the body. */
  envelope: readonly [string, string];
  headers?: Record<string, string>;
  /**
   * By operation, `tr2:` before those of Media2; `*` for whatever the device does not know. `{{clock:P}}` is the time under the prefix P,
   * `{{token}}` the profile that is asked for and `{{n}}` the number at its end. */
  answers: Readonly<Record<string, string | RecordedAnswer>>;
}

export function startRecordedDevice(recorded: RecordedDevice): Promise<TestDevice> {
  const send = (answer: string | RecordedAnswer, { response, device, body: request }: TestCall) => {
    const {
      status = 200,
      headers,
      body,
      whole,
    } = typeof answer === 'string' ? { body: answer } : (answer as RecordedAnswer);
    const [before, after] = whole ? ['', ''] : recorded.envelope;
    const text =
      typeof body === 'string' ? fill(`${before}${body}${after}`, device, request, recorded.skewMs ?? 0) : body;
    response.writeHead(status, {
      'content-type': 'application/soap+xml; charset=utf-8',
      ...recorded.headers,
      ...headers,
    });
    response.end(text);
  };
  const { refusal, open = [] } = recorded;
  const override = Object.entries(recorded.answers).map(([operation, answer]) => [
    operation,
    (call: TestCall) => send(answer, call),
  ]);
  return startTestDevice({
    auth: recorded.auth,
    open: [...(recorded.hidesTime ? [] : ['GetSystemDateAndTime']), ...open],
    override: Object.fromEntries(override),
    ...(recorded.skewMs !== undefined && { skewMs: recorded.skewMs }),
    ...(recorded.challenge && { challenge: recorded.challenge }),
    ...(refusal && { refusal: (call) => send(refusal, call) }),
  });
}

function fill(text: string, device: TestDevice, request: string, skewMs: number): string {
  const token = /ProfileToken>([^<]*)</.exec(request)?.[1] ?? '';
  const now = new Date(Date.now() + skewMs);
  return text
    .replaceAll('{{here}}', device.host)
    .replaceAll('{{token}}', token)
    .replaceAll('{{n}}', String(Number(/\d*$/.exec(token)?.[0] ?? 0)))
    .replace(/\{\{clock:([\w-]*:?)\}\}/g, (_, p: string) => {
      const part = (name: string, value: number) => `<${p}${name}>${value}</${p}${name}>`;
      const time =
        part('Hour', now.getUTCHours()) + part('Minute', now.getUTCMinutes()) + part('Second', now.getUTCSeconds());
      const date =
        part('Year', now.getUTCFullYear()) + part('Month', now.getUTCMonth() + 1) + part('Day', now.getUTCDate());
      return `<${p}UTCDateTime><${p}Time>${time}</${p}Time><${p}Date>${date}</${p}Date></${p}UTCDateTime>`;
    });
}
