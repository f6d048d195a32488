import type { z } from 'zod';
import { ApiError, errorOf, headersOf, noteSignedOut } from './client.ts';

interface UploadOptions<S extends z.ZodType> {
  headers: Readonly<Record<string, string>>;
  schema: S;
  signal: AbortSignal;
  /** How much has been sent, 0 to 1. */
  onProgress: (share: number) => void;
}

/**
 * Sends one file as a raw body and tells how far it is, which `fetch` cannot.
 * @throws {ApiError} as `request` does
 * @throws {DOMException} `AbortError` when `signal` fired
 */
export function upload<S extends z.ZodType>(
  path: string,
  file: Blob,
  { headers, schema, signal, onProgress }: UploadOptions<S>,
): Promise<z.infer<S>> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new DOMException('', 'AbortError'));
    if (signal.aborted) return aborted();
    const call = new XMLHttpRequest();
    call.open('POST', path);
    for (const [name, value] of Object.entries({ ...headersOf('POST'), ...headers }))
      call.setRequestHeader(name, value);
    const stop = () => call.abort();
    signal.addEventListener('abort', stop, { once: true });
    call.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    call.addEventListener('abort', aborted);
    call.addEventListener('error', () => reject(new ApiError(0, 'network', 'no answer')));
    call.addEventListener('load', () => {
      if (call.status < 200 || call.status > 299) {
        if (call.status === 401) noteSignedOut();
        return reject(errorOf(call, jsonOf(call.responseText), call.getResponseHeader('retry-after')));
      }
      const parsed = schema.safeParse(jsonOf(call.responseText));
      if (parsed.success) resolve(parsed.data);
      else reject(new ApiError(call.status, 'bad_answer', `POST ${path}`, { cause: parsed.error }));
    });
    call.addEventListener('loadend', () => signal.removeEventListener('abort', stop));
    call.send(file);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
