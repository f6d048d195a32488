import { createServer } from 'node:net';
import { until } from '../until.ts';
import { cameras } from './demo-city.ts';
import type { Demo } from './demo-file.ts';
import { type FleetProcess, startFleetProcess } from './fleet-process.ts';

const firstPort = 18_600;
/** Where the next try begins when a port of the first range is taken. */
const nextRange = 100;
const tries = 20;

/** Starts the cameras of the demo, on the ports that they had before if those are free. Tells `demo` which ones it took. */
export async function startDemoFleet(
  demo: Demo,
  onWords: (line: string) => void,
  signal: AbortSignal,
): Promise<FleetProcess> {
  demo.fleet.ports = await freePorts(demo.fleet.ports);
  const description = {
    discovery: true,
    cameras: cameras.map((camera, index) => ({
      id: simulatedId(demo, camera.deskId),
      name: camera.name,
      unitId: camera.unit,
      desk: camera.name,
      scene: camera.scene,
      // One camera of the centre turns, so that steering can be tried.
      ...(camera.deskId === 'trung-tam-quay-4' && { ptz: {} }),
      username: demo.fleet.username,
      password: demo.fleet.password,
      onvifPort: demo.fleet.ports[index]?.onvif ?? 0,
      rtspPort: demo.fleet.ports[index]?.rtsp ?? 0,
    })),
  };
  return startFleetProcess(description, onWords, signal);
}

/** What a simulated camera calls itself: two demos on one machine do not answer for each other. */
export function simulatedId(demo: Demo, deskId: string): string {
  return `${deskId}-${demo.fleet.mark}`;
}

type Ports = Demo['fleet']['ports'];

async function freePorts(known: Ports): Promise<Ports> {
  if (known.length === cameras.length && (await becomeFree(known))) return known;
  for (let attempt = 0; attempt < tries; attempt++) {
    const base = firstPort + attempt * nextRange;
    const ports = cameras.map((_, index) => ({ onvif: base + 2 * index, rtsp: base + 2 * index + 1 }));
    if (await areFree(ports)) return ports;
  }
  return cameras.map(() => ({ onvif: 0, rtsp: 0 }));
}

/** Cameras of a run that was killed hold their ports for a moment longer. */
async function becomeFree(ports: Ports): Promise<boolean> {
  const free = async () => ((await areFree(ports)) ? true : null);
  return until('the ports of the cameras', free, { timeoutMs: 3_000 }).catch(() => false);
}

async function areFree(ports: Ports): Promise<boolean> {
  const free = await Promise.all(ports.flatMap(({ onvif, rtsp }) => [isFree(onvif), isFree(rtsp)]));
  return free.every(Boolean);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
