import { printable } from './scopes.ts';

/** One form for an endpoint reference, however it is written: `urn:uuid:` and lower case. */
export function endpointKey(reference: string): string {
  const text = printable(reference, 200).toLowerCase();
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
    ? `urn:uuid:${text}`
    : text.replace(/^uuid:/, 'urn:uuid:');
}
