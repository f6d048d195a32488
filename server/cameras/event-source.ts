import type { Clock } from '../platform/clock.ts';
import type { Listen } from './events.ts';
import type { DeviceClient } from './onvif/device-client.ts';
import { authFailureOf, type OnvifError } from './onvif/errors.ts';
import { followEvents } from './onvif/events.ts';
import { namespaces, readServices } from './onvif/services.ts';

/** Listens to cameras by ONVIF pull points. `deviceOf` gives null for a camera without ONVIF. */
export function pullPointListener(
  deviceOf: (cameraId: string, signal: AbortSignal) => Promise<DeviceClient | null>,
  clock: Clock,
): Listen {
  return async (cameraId, stop, tell) => {
    // It outlives `stop` for as long as giving the subscription back takes.
    const session = new AbortController();
    const client = await deviceOf(cameraId, session.signal);
    if (!client) return 'unsupported';
    const abort = () => session.abort();
    try {
      stop.addEventListener('abort', abort, { once: true });
      stop.throwIfAborted();
      await client.readClock().catch(() => null);
      const { services } = await readServices(client);
      const url = services.find(({ namespace }) => namespace === namespaces.events)?.address.url;
      if (!url) return 'unsupported';
      stop.removeEventListener('abort', abort);
      const refused = new AbortController();
      let refusal: OnvifError | null = null;
      await followEvents({
        ...{ client, url, clock, stop: AbortSignal.any([stop, refused.signal]) },
        onEvent: tell.event,
        onState: (state, failure) => {
          tell.state(state, failure?.failure ?? null);
          // Credentials that are refused are not tried again in a minute: cameras count, and lock.
          if (authFailureOf(failure) === null) return;
          refusal = failure;
          refused.abort();
        },
      });
      if (refusal !== null) throw refusal;
      return 'ended';
    } finally {
      stop.removeEventListener('abort', abort);
      session.abort();
    }
  };
}
