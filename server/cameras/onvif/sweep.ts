import { once } from 'node:events';
import { connect } from 'node:net';
import type { NetworkPolicy } from '../networks.ts';
import { Limiter } from './limiter.ts';

export interface SweepOptions {
  policy: NetworkPolicy;
  signal: AbortSignal;
  /** How long one address may take to answer, in ms. */
  connectMs?: number;
  /** Connections tried at once. */
  parallel?: number;
  onOpen: (address: string, port: number) => void;
}

/** Finds out on which addresses something listens, by connecting and hanging up. Ends with the last one or the signal; never throws. */
export async function sweep(
  addresses: readonly string[],
  ports: readonly number[],
  options: SweepOptions,
): Promise<void> {
  const { policy, signal, onOpen } = options;
  const limiter = new Limiter(options.parallel ?? 128);
  const targets = addresses
    .filter((address) => policy.allows(address))
    .flatMap((host) => ports.map((port) => ({ host, port })));
  await Promise.allSettled(
    targets.map(({ host, port }) =>
      limiter.run(async () => {
        if (await listens(host, port, options.connectMs ?? 1_000, signal)) onOpen(host, port);
      }, signal),
    ),
  );
}

async function listens(host: string, port: number, ms: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]) });
    return true;
  } catch {
    return false;
  } finally {
    socket.on('error', () => {}).destroy();
  }
}
