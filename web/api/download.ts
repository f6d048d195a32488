import { ApiError, errorOf, headersOf, noteSignedOut, type Query, queryString } from './client.ts';

export interface DownloadedFile {
  name: string;
  content: Blob;
}

/**
 * Fetches a file whole, so that a refusal is told in words and is not saved in the file's place. `name` is for an answer that has none.
 * @throws {ApiError} as `request` does
 * @throws {DOMException} `AbortError` when `signal` fired
 */
export async function download(
  path: string,
  { query, name, signal }: { query?: Query; name: string; signal: AbortSignal },
): Promise<DownloadedFile> {
  let response: Response;
  try {
    const headers = { ...headersOf('GET'), accept: '*/*' };
    response = await fetch(`${path}${queryString(query)}`, { headers, credentials: 'same-origin', signal });
    if (response.ok)
      return { name: nameIn(response.headers.get('content-disposition')) ?? name, content: await response.blob() };
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'network', 'no answer', { cause });
  }
  if (response.status === 401) noteSignedOut();
  throw errorOf(response, await response.json().catch(() => null), response.headers.get('retry-after'));
}

/** The plain name of `attachment; filename=…`, with quotes or without (RFC 6266); null where there is none. */
export function nameIn(disposition: string | null): string | null {
  return /filename="?([^";/\\]+)"?(?:;|$)/.exec(disposition ?? '')?.[1] ?? null;
}

/** Hands a file to the browser to be saved. */
export function save({ name, content }: DownloadedFile): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn; some still read the address then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
