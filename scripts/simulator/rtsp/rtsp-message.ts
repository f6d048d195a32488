/** RTSP requests out of a byte stream, with interleaved binary data between them (RFC 2326 sections 4 and 10.12). */

export interface RtspRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
}

export class RtspSyntaxError extends Error {}

const MAX_HEAD_BYTES = 8 * 1024;
const MAX_BODY_BYTES = 4 * 1024;

export class RtspParser {
  #buffer: Buffer = Buffer.alloc(0);

  /**
   * Takes bytes in and gives the requests that are complete; interleaved packets (the client's RTCP) are counted only.
   * Throws RtspSyntaxError on what is no RTSP and on a request larger than the bounds.
   */
  push(chunk: Buffer): { requests: RtspRequest[]; interleaved: number } {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const requests: RtspRequest[] = [];
    let interleaved = 0;
    while (this.#buffer.length > 0) {
      if (this.#buffer[0] === 0x24) {
        if (this.#buffer.length < 4) break;
        const end = 4 + this.#buffer.readUInt16BE(2);
        if (this.#buffer.length < end) break;
        this.#buffer = this.#buffer.subarray(end);
        interleaved++;
        continue;
      }
      const request = this.#takeRequest();
      if (!request) break;
      requests.push(request);
    }
    return { requests, interleaved };
  }

  #takeRequest(): RtspRequest | undefined {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end > MAX_HEAD_BYTES || (end < 0 && this.#buffer.length > MAX_HEAD_BYTES)) {
      throw new RtspSyntaxError('request head too large');
    }
    if (end < 0) return undefined;
    const request = parseHead(this.#buffer.toString('utf8', 0, end));
    const length = Number(request.headers.get('content-length') ?? '0');
    if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES)
      throw new RtspSyntaxError('request body too large');
    if (this.#buffer.length < end + 4 + length) return undefined;
    this.#buffer = this.#buffer.subarray(end + 4 + length);
    return request;
  }
}

function parseHead(head: string): RtspRequest {
  const [first = '', ...lines] = head.replace(/^(?:\r\n)+/, '').split('\r\n');
  const match = /^([A-Z_]{1,20}) (\S{1,2048}) RTSP\/1\.\d$/.exec(first);
  if (!match) throw new RtspSyntaxError('not an RTSP request');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method: match[1] ?? '', url: match[2] ?? '', headers };
}

/** A response as bytes; the CSeq of the request comes first. */
export function rtspResponse(
  status: number,
  reason: string,
  cseq: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Buffer {
  const lines = [`RTSP/1.0 ${status} ${reason}`];
  if (cseq !== undefined) lines.push(`CSeq: ${cseq}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'utf8');
}
