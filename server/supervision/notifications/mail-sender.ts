import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { errorMessage } from '../../platform/errors.ts';
import type { MailText } from './mail-text.ts';
import { isPermanentSmtp, type Outcome } from './retry-policy.ts';

export interface MailServer {
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'opportunistic' | 'none';
  /** PEM of the certificate authority, where the system does not know it. */
  ca?: string;
  user: string;
  password: string;
  from: string;
  replyTo: string;
}

export interface MailSender {
  /** Hands one mail to the mail server. `id` names it: whoever gets it twice sees that it is the same. Never throws. */
  send(to: string, mail: MailText, id: string, signal: AbortSignal): Promise<Outcome>;
}

const patienceMs = 20_000;
/** Whatever the server does, a mail takes no longer. */
const longestMs = 60_000;

/** Mails are sent one a connection: few go out, and none waits for an idle one that the server has long closed. */
export function createMailSender(server: MailServer): MailSender {
  const { host, port, security, user, password, ca } = server;
  const options = {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    tls: { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const domain = /@([^>\s]+)>?$/.exec(server.from)?.[1] ?? 'localhost';
  return {
    async send(to, { subject, text, html }, id, signal) {
      // A socket of our own: destroying it is what breaks a mail off.
      const limit = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
      const transport = createTransport({
        ...options,
        getSocket: (_options, done) => {
          const socket = connect({ host, port, noDelay: true, signal: limit });
          socket.once('error', done);
          socket.once('connect', () => {
            socket.off('error', done);
            done(null, { connection: socket });
          });
        },
      });
      try {
        await transport.sendMail({
          from: server.from,
          ...(server.replyTo === '' ? {} : { replyTo: server.replyTo }),
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        });
        return { kind: 'sent' };
      } catch (error) {
        return failure(error);
      } finally {
        transport.close();
      }
    },
  };
}

/** Stable codes for what goes wrong with a mail server; the detail is what it said. */
const codes: Readonly<Record<string, string>> = {
  EAUTH: 'mail_auth_failed',
  ETLS: 'mail_tls_failed',
  EREQUIRETLS: 'mail_tls_failed',
  EDNS: 'mail_server_unknown',
  ECONNECTION: 'mail_server_unreachable',
  ECONNREFUSED: 'mail_server_unreachable',
  ESOCKET: 'mail_server_unreachable',
  ENOTFOUND: 'mail_server_unknown',
  EAI_AGAIN: 'mail_server_unknown',
  EHOSTUNREACH: 'mail_server_unreachable',
  ENETUNREACH: 'mail_server_unreachable',
  ABORT_ERR: 'mail_server_unreachable',
  ETIMEDOUT: 'mail_server_unreachable',
  EENVELOPE: 'mail_refused',
  EMESSAGE: 'mail_refused',
};

function failure(error: unknown): Outcome {
  const { code = '', responseCode, response } = error as { code?: string; responseCode?: number; response?: string };
  const detail = response ?? errorMessage(error);
  const certificate = /certificate|self.signed|altname|wrong version number/i.test(detail);
  return {
    kind: 'failed',
    permanent: isPermanentSmtp(responseCode, code),
    code: certificate ? 'mail_tls_failed' : (codes[code] ?? 'mail_failed'),
    detail,
  };
}
