import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string[];
  from: string;
  secure: boolean;
  user: string | null;
  /** As it came: headers, an empty line, the body. */
  source: string;
  /** Header lines, unfolded. */
  headers: string[];
  /** Both parts, decoded. */
  text: string;
}

export interface SmtpStandIn {
  port: number;
  received: ReceivedMail[];
  /** Answers a recipient with this; null takes it. */
  refuse: { code: number; message: string } | null;
  /** Most mails that were under way at once. */
  mostAtOnce: number;
  /** Connections that came. */
  connections: number;
  /** While set, mails that have come are answered only once it is settled. */
  hold: Promise<void> | null;
  close(): Promise<void>;
}

/** A real SMTP server on loopback. */
export async function openSmtp(
  options: { tls?: { key: string; cert: string }; secure?: boolean; password?: string; port?: number } = {},
): Promise<SmtpStandIn> {
  let atOnce = 0;
  const server = new SMTPServer({
    secure: options.secure ?? false,
    ...options.tls,
    hideSTARTTLS: options.tls === undefined,
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onConnect(_session, done) {
      standIn.connections += 1;
      done();
    },
    onAuth(auth, _session, done) {
      if (auth.password === options.password) return done(null, { user: auth.username });
      const error = Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 });
      return done(error);
    },
    onRcptTo(_address, _session, done) {
      const { refuse } = standIn;
      if (refuse === null) return done();
      return done(Object.assign(new Error(refuse.message), { responseCode: refuse.code }));
    },
    onData(stream, session, done) {
      atOnce += 1;
      standIn.mostAtOnce = Math.max(standIn.mostAtOnce, atOnce);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        await standIn.hold;
        const { envelope, secure } = session;
        standIn.received.push({
          to: envelope.rcptTo.map(({ address }) => address),
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          secure,
          user: typeof session.user === 'string' ? session.user : null,
          ...parsed(Buffer.concat(chunks).toString('utf8')),
        });
        atOnce -= 1;
        done();
      });
    },
  });
  // What a client breaks off is no failure of the test.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const standIn: SmtpStandIn = {
    port: (server.server.address() as AddressInfo).port,
    received: [],
    refuse: null,
    mostAtOnce: 0,
    connections: 0,
    hold: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return standIn;
}

function parsed(source: string): Pick<ReceivedMail, 'source' | 'headers' | 'text'> {
  const end = source.indexOf('\r\n\r\n');
  const headers = source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map(decodedWords);
  const boundary = /boundary="([^"]+)"/.exec(source)?.[1];
  const parts = boundary === undefined ? [source] : source.split(`--${boundary}`).slice(1, -1);
  return { source, headers, text: parts.map(decodedPart).join('\n') };
}

function decodedPart(part: string): string {
  const body = part.slice(part.indexOf('\r\n\r\n') + 4);
  if (/transfer-encoding: base64/i.test(part)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/transfer-encoding: quoted-printable/i.test(part)) return body;
  return quotedPrintable(body.replace(/=\r\n/g, ''));
}

function quotedPrintable(text: string): string {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

/** RFC 2047 */
function decodedWords(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
}
