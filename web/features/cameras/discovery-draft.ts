import { createDiscoveryRequest } from '../../../server/contracts/discoveries.ts';
import { type Credentials, NO_CREDENTIALS } from './credentials.ts';
import { parseAddresses } from './discovery-policy.ts';

export const METHODS = ['ws_discovery', 'address', 'range'] as const;
export type Method = (typeof METHODS)[number];

/** What is typed before a search begins; kept when something of it is wrong, and when the page is left. */
export interface Draft {
  method: Method;
  addresses: string;
  range: string;
  ports: string;
  credentials: Credentials;
}

export const NO_DRAFT: Draft = {
  method: 'ws_discovery',
  addresses: '',
  range: '',
  ports: '',
  credentials: NO_CREDENTIALS,
};

export const MOST_ADDRESSES = 256;
const LEAST_PREFIX = 22;

export type DraftError =
  | { code: 'noAddress' | 'badRange' | 'wideRange' | 'badPort'; field: 'addresses' | 'range' | 'ports' }
  | { code: 'tooMany'; field: 'addresses'; count: number }
  | { code: 'badAddress'; field: 'addresses'; address: string };

type Request = ReturnType<typeof createDiscoveryRequest.parse>;

/** What to send, or what is wrong, with the field. A range has at most 1,024 addresses. */
export function requestOf(draft: Draft): { request: Request } | { error: DraftError } {
  const { method, credentials } = draft;
  if (method === 'range') {
    const range = draft.range.trim();
    const ports = parseAddresses(draft.ports).map(Number);
    if (ports.length > 4 || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535)) {
      return { error: { code: 'badPort', field: 'ports' } };
    }
    const prefix = Number(range.split('/')[1]);
    const parsed = createDiscoveryRequest.safeParse({
      ...{ method, range, ...credentials },
      ...(ports.length > 0 && { ports }),
    });
    if (!parsed.success) return { error: { code: 'badRange', field: 'range' } };
    if (prefix < LEAST_PREFIX) return { error: { code: 'wideRange', field: 'range' } };
    return { request: parsed.data };
  }
  const addresses = method === 'address' ? parseAddresses(draft.addresses) : [];
  if (method === 'address' && addresses.length === 0) return { error: { code: 'noAddress', field: 'addresses' } };
  if (addresses.length > MOST_ADDRESSES) {
    return { error: { code: 'tooMany', field: 'addresses', count: MOST_ADDRESSES } };
  }
  const parsed = createDiscoveryRequest.safeParse({ method, addresses, ...credentials });
  if (parsed.success) return { request: parsed.data };
  const address = parsed.error.issues.map((issue) => addresses[Number(issue.path[1])]).find(Boolean) ?? '';
  return { error: { code: 'badAddress', field: 'addresses', address } };
}
