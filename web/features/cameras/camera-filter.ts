import type { Camera } from '../../../server/contracts/cameras.ts';
import { matches } from '../../components/time.ts';

export interface CameraFilter {
  q: string;
  units: readonly string[];
  states: readonly string[];
}

/** Faults first: what needs the administrator stands at the top. */
const ORDER: Record<Camera['state'], number> = { auth_failed: 0, offline: 1, connecting: 2, online: 3, stopped: 4 };

/** The cameras that pass the filter, faults first, then by unit and name. */
export function chooseCameras(
  cameras: readonly Camera[],
  unitName: ReadonlyMap<string, string>,
  { q, units, states }: CameraFilter,
): Camera[] {
  const unitOf = (camera: Camera) => unitName.get(camera.unitId) ?? '';
  return cameras
    .filter((camera) => units.length === 0 || units.includes(camera.unitId))
    .filter((camera) => states.length === 0 || states.includes(camera.state))
    .filter((camera) =>
      matches(q, `${camera.name} ${unitOf(camera)} ${camera.device?.host ?? ''} ${camera.device?.model ?? ''}`),
    )
    .sort(
      (a, b) =>
        ORDER[a.state] - ORDER[b.state] ||
        unitOf(a).localeCompare(unitOf(b), 'vi') ||
        a.name.localeCompare(b.name, 'vi', { numeric: true }),
    );
}
