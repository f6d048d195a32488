import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import { serverNow } from '../api/server-clock.ts';
import { LivePlayer, type LiveSnapshot } from './live-player.ts';
import type { SourceState } from './live-state-policy.ts';

/** What the server says of one stream of a camera. A camera without that stream plays the other one, so its state counts. */
export function sourceOf(camera: Camera, stream: StreamName): SourceState {
  const found = camera.streams.find((s) => s.name === stream);
  const codecs = Object.fromEntries(camera.streams.map((s) => [s.name, s.codecString]));
  return { camera: camera.state, stream: found?.state ?? null, sinceMs: found?.sinceMs ?? camera.sinceMs, codecs };
}

/** The sub stream in a grid, the main one when enlarged; whichever there is when the camera has only one. */
export function streamFor(camera: Camera, enlarged: boolean): StreamName {
  const wanted = enlarged ? 'main' : 'sub';
  return camera.streams.some((s) => s.name === wanted) ? wanted : (camera.streams[0]?.name ?? wanted);
}

/** `?path=hls` in the address that the console was opened by holds every tile to one way, to find out which way has a fault. */
const askedPath = (['push', 'hls'] as const).find((path) => path === new URLSearchParams(location.search).get('path'));

const before: LiveSnapshot = {
  state: 'connecting',
  reason: 'waiting_for_picture',
  sinceMs: 0,
  stream: null,
  path: null,
  lagTenths: null,
  nextTryAtMs: null,
};
const never = () => () => undefined;
const asBefore = () => before;

/**
 * Plays a camera live inside `container` for as long as the component is mounted. `root` gets `data-lag-ms`, five times a second and
 * past React, for tests and measurements.
 */
export function useLivePlayer(
  container: RefObject<HTMLElement | null>,
  root: RefObject<HTMLElement | null>,
  camera: Camera,
  stream: StreamName,
): { player: LivePlayer | null; snapshot: LiveSnapshot } {
  const [player, setPlayer] = useState<LivePlayer | null>(null);
  const { id } = camera;
  const source = sourceOf(camera, stream);

  // biome-ignore lint/correctness/useExhaustiveDependencies: stream and source have setters of their own; only another camera needs another player
  useEffect(() => {
    if (!container.current) return;
    const made = new LivePlayer(container.current, {
      cameraId: id,
      stream,
      source,
      // How far behind a picture is must not depend on the clock of the machine that shows it.
      now: serverNow,
      ...(askedPath === undefined ? {} : { path: askedPath }),
      onTick: (lagMs) => {
        if (!root.current) return;
        if (lagMs === null) delete root.current.dataset.lagMs;
        else root.current.dataset.lagMs = String(Math.round(lagMs));
      },
    });
    setPlayer(made);
    return () => {
      made.destroy();
      setPlayer(null);
    };
  }, [container, root, id]);

  useEffect(() => player?.setStream(stream), [player, stream]);
  const { camera: cameraState, stream: streamState, sinceMs } = source;
  const { main = null, sub = null } = source.codecs ?? {};
  useEffect(
    () => player?.setSource({ camera: cameraState, stream: streamState, sinceMs, codecs: { main, sub } }),
    [player, cameraState, streamState, sinceMs, main, sub],
  );

  const snapshot = useSyncExternalStore(player?.subscribe ?? never, player?.snapshot ?? asBefore);
  return { player, snapshot };
}
