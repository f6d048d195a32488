import type { CreateCameraRequest } from '../../../server/contracts/cameras.ts';
import type { DiscoveredDevice, Discovery } from '../../../server/contracts/discoveries.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { type Credentials, NO_CREDENTIALS } from './credentials.ts';
import { NO_PLACEMENT, type Placement } from './placement.ts';

/** What is the matter with a device that is to be mended, by the words for it. */
export function mendOf({ state, errorCode }: DiscoveredDevice): string {
  return errorCode === 'locked_out' || errorCode === 'basic_only' ? errorCode : state;
}

export type DeviceView = 'probing' | 'ready' | 'present' | 'attention';

/** Into which group of results a device falls. */
export function viewOf(device: DiscoveredDevice): DeviceView {
  if (device.cameraId !== null) return 'present';
  if (device.state === 'probing') return 'probing';
  return device.state === 'ready' ? 'ready' : 'attention';
}

export type Counts = Record<DeviceView, number> & { all: number };

export function countViews(devices: readonly DiscoveredDevice[]): Counts {
  const counts: Counts = { all: devices.length, probing: 0, ready: 0, present: 0, attention: 0 };
  for (const device of devices) counts[viewOf(device)] += 1;
  return counts;
}

/** A device as it stands now, and the run that said so. */
export interface Found {
  device: DiscoveredDevice;
  runId: string;
}

/**
 * Devices of several runs, first seen first; a later run says the newer truth about the same device.
 * @param added devices that have become cameras since, with the camera's id
 */
export function mergeRuns(runs: readonly Discovery[], added: ReadonlyMap<string, string> = new Map()): Found[] {
  const found = new Map<string, Found>();
  const keyAt = new Map<string, string>();
  for (const run of runs) {
    for (const device of run.items) {
      // Asked by its address, a device may go by another key than the one it answered multicast with.
      const key = found.has(device.key) ? device.key : (keyAt.get(device.host) ?? device.key);
      found.set(key, {
        device: { ...device, key, cameraId: device.cameraId ?? added.get(key) ?? null },
        runId: run.id,
      });
      keyAt.set(device.host, key);
    }
  }
  return [...found.values()];
}

/** How far the probing is, 0–1; null while nothing has been found yet. */
export function progressOf(devices: readonly DiscoveredDevice[], running: boolean): number | null {
  if (!running) return 1;
  if (devices.length === 0) return null;
  return devices.filter((device) => device.state !== 'probing').length / devices.length;
}

/** Addresses as they are typed: one a line, or separated by spaces, commas or semicolons; each once. */
export function parseAddresses(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((address) => address !== ''))];
}

/** `10.22.14.21` and `10.22.14.21:8080` mean the usual address of the device service. */
export function onvifAddress(typed: string): string {
  const text = typed.trim();
  if (text === '' || /^https?:\/\//i.test(text)) return text;
  return text.includes('/') ? `http://${text}` : `http://${text}/onvif/device_service`;
}

/**
 * Gives several devices a place in one unit: its desks in their order, as far as they are not taken; what is left over is
 * named by its address and gets no desk.
 */
export function placeInOrder(
  devices: readonly DiscoveredDevice[],
  unit: Unit,
  takenDeskIds: ReadonlySet<string>,
): Map<string, Placement> {
  const free = unit.desks.filter((desk) => !takenDeskIds.has(desk.id));
  return new Map(
    devices.map((device, at) => {
      const desk = free[at];
      const name = desk?.name ?? (device.name || device.host);
      return [device.key, { unitId: unit.id, deskIds: desk ? [desk.id] : [], name }];
    }),
  );
}

export function isPlaced(placement: Placement = NO_PLACEMENT): boolean {
  return placement.unitId !== '' && placement.name.trim() !== '';
}

/** What to send so that a device becomes a camera; the inspection knows the credentials where they are not known here. */
export function requestFor(
  device: DiscoveredDevice,
  placement: Placement,
  credentials: Credentials | undefined,
  inspectionId: string | undefined,
): CreateCameraRequest {
  const known = credentials ?? { ...NO_CREDENTIALS, ...(inspectionId !== undefined && { inspectionId }) };
  return { ...placement, name: placement.name.trim(), ...known, onvif: device.onvif };
}
