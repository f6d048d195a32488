import { BlockList, isIP } from 'node:net';

/**
 * Whose request it is: the other end of the connection or, where that is a proxy that is trusted, what the proxy says in X-Forwarded-For. A header
 * from anybody else is what a stranger wrote.
 */
export class ClientAddresses {
  readonly #trusted = new BlockList();

  /** Addresses and networks (CIDR), as the configuration has checked them. */
  constructor(trusted: readonly string[] = []) {
    for (const network of trusted) {
      const [address = '', bits] = network.split('/');
      const family = isIP(address);
      const length = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
      this.#trusted.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** The last address on the way that no trusted proxy has. */
  of(remote: string, forwardedFor: string | string[] | undefined): string {
    let address = plain(remote);
    const hops = [forwardedFor ?? []].flat().join(',').split(',');
    while (this.#trusts(address) && hops.length > 0) {
      const next = plain(hops.pop()?.trim() ?? '');
      // What is no address tells nothing, and nothing before it can be believed.
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  }

  #trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** An IPv4 address that came over a socket for both families, as IPv4. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}
