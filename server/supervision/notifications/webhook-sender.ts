import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import { isPermanentHttp, type Outcome } from './retry-policy.ts';
import { signatureHeaders } from './webhook-signature.ts';

export interface WebhookSenderOptions {
  clock: Clock;
  /**
   * The number of a host that may be called. Throws with `reason` `not_allowed` or `host_unknown`. The call is made to this very number,
   * so that a name that answers otherwise the next moment leads nowhere else.
   */
  resolve: (hostname: string) => Promise<string>;
  allowHttp: boolean;
  timeoutMs?: number;
  /** Certificate authority of receivers, for tests. */
  ca?: string;
}

export interface WebhookCall {
  url: string;
  secret: string;
  /** Stays the same when the call is made again. */
  id: string;
  body: string;
}

const patienceMs = 15_000;

/** Calls a webhook once. Anything but 2xx is a failure, a redirect too: it could lead anywhere. Of the answer nothing is read. Never throws. */
export async function callWebhook(
  call: WebhookCall,
  options: WebhookSenderOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const url = new URL(call.url);
  if (url.protocol !== 'https:' && !options.allowHttp) {
    return { kind: 'failed', permanent: true, code: 'webhook_not_https', detail: url.protocol };
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? patienceMs)]);
  try {
    const address = await options.resolve(url.hostname);
    limit.throwIfAborted();
    const status = await post(url, address, call, options, limit);
    if (status >= 200 && status < 300) return { kind: 'sent' };
    const code = status >= 300 && status < 400 ? 'webhook_redirected' : 'webhook_refused';
    return { kind: 'failed', permanent: isPermanentHttp(status), code, detail: `HTTP ${status}` };
  } catch (error) {
    return failure(error, limit.aborted);
  }
}

function post(
  url: URL,
  address: string,
  { body, secret, id }: WebhookCall,
  { clock, ca }: WebhookSenderOptions,
  signal: AbortSignal,
): Promise<number> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const request = send(
      {
        method: 'POST',
        host: address,
        port: url.port === '' ? undefined : Number(url.port),
        path: `${url.pathname}${url.search}`,
        headers: {
          host: url.host,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'LienThong-Webhooks/1',
          ...signatureHeaders(secret, id, clock.nowMs(), body),
        },
        // The certificate is of the name, whatever number it is called by.
        ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
        ...(ca === undefined ? {} : { ca }),
        agent: false,
        signal,
      },
      (response) => {
        response.on('error', () => {});
        response.destroy();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function failure(error: unknown, timedOut: boolean): Outcome {
  const { reason, code = '' } = error as { reason?: string; code?: string };
  const failed = (name: string, permanent = false): Outcome => ({
    kind: 'failed',
    permanent,
    code: name,
    detail: errorMessage(error),
  });
  if (reason === 'not_allowed') return failed('webhook_address_not_allowed', true);
  if (reason === 'host_unknown') return failed('webhook_host_unknown');
  if (timedOut) return failed('webhook_timeout');
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return failed('webhook_tls_failed');
  return failed('webhook_unreachable');
}
