import { describe, expect, it } from 'vitest';
import { NO_DRAFT, requestOf } from './discovery-draft.ts';

describe('what is typed for a search', () => {
  it('needs nothing to listen in the network', () => {
    expect(requestOf(NO_DRAFT)).toMatchObject({ request: { method: 'ws_discovery', addresses: [] } });
  });

  it('names each address once, and says which is none', () => {
    const addresses = '10.0.0.1\n10.0.0.2:8080, 10.0.0.1';
    expect(requestOf({ ...NO_DRAFT, method: 'address', addresses })).toMatchObject({
      request: { addresses: ['10.0.0.1', '10.0.0.2:8080'] },
    });
    expect(requestOf({ ...NO_DRAFT, method: 'address', addresses: ' ' })).toEqual({
      error: { code: 'noAddress', field: 'addresses' },
    });
    expect(requestOf({ ...NO_DRAFT, method: 'address', addresses: '10.0.0.1 b@d' })).toEqual({
      error: { code: 'badAddress', field: 'addresses', address: 'b@d' },
    });
  });

  it.each([
    ['10.20.3.0/24', '', { request: { method: 'range', range: '10.20.3.0/24' } }],
    ['10.20.3.0/24', '80, 8080', { request: { ports: [80, 8080] } }],
    ['10.20.3.0', '', { error: { code: 'badRange', field: 'range' } }],
    ['10.20.0.0/21', '', { error: { code: 'wideRange', field: 'range' } }],
    ['10.20.3.0/24', '80 http', { error: { code: 'badPort', field: 'ports' } }],
    ['10.20.3.0/24', '1 2 3 4 5', { error: { code: 'badPort', field: 'ports' } }],
  ])('takes the range %s with the ports "%s" for what it is', (range, ports, expected) => {
    expect(requestOf({ ...NO_DRAFT, method: 'range', range, ports })).toMatchObject(expected);
  });
});
