import type { CameraHealth } from '../../../server/contracts/camera-health.ts';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { matches } from '../../components/time.ts';

export interface CameraFilter {
  q: string;
  units: readonly string[];
  states: readonly string[];
  /** Causes of trouble, and `no_reference`. */
  troubles: readonly string[];
}

/** What of a camera's health can be looked for; its state says the rest. */
export const TROUBLES = ['covered', 'dark', 'moved', 'out_of_focus', 'frozen', 'clock_wrong', 'no_reference'] as const;

/** The causes of a camera's trouble, and whether it has nothing to be compared with. */
function troublesOf(health: CameraHealth | undefined): string[] {
  const causes = (health?.parts ?? []).flatMap(({ state, cause }) =>
    state === 'trouble' && cause !== null ? [cause] : [],
  );
  return health?.notCompared === 'no_reference' ? [...causes, 'no_reference'] : causes;
}

/** Faults first, then what records and is in trouble: what needs the administrator stands at the top. */
const ORDER: Record<Camera['state'], number> = { auth_failed: 0, offline: 1, connecting: 2, online: 3, stopped: 4 };

/** The cameras that pass the filter, faults first, then by unit and name. */
export function chooseCameras(
  cameras: readonly Camera[],
  unitName: ReadonlyMap<string, string>,
  { q, units, states, troubles }: CameraFilter,
  health: ReadonlyMap<string, CameraHealth> = new Map(),
): Camera[] {
  const isInTrouble = ({ id }: Camera) => health.get(id)?.parts.some(({ state }) => state === 'trouble') ?? false;
  const rank = (camera: Camera) => ORDER[camera.state] - (camera.state === 'online' && isInTrouble(camera) ? 0.5 : 0);
  const unitOf = (camera: Camera) => unitName.get(camera.unitId) ?? '';
  return cameras
    .filter((camera) => units.length === 0 || units.includes(camera.unitId))
    .filter((camera) => states.length === 0 || states.includes(camera.state))
    .filter(({ id }) => troubles.length === 0 || troublesOf(health.get(id)).some((one) => troubles.includes(one)))
    .filter((camera) =>
      matches(q, `${camera.name} ${unitOf(camera)} ${camera.device?.host ?? ''} ${camera.device?.model ?? ''}`),
    )
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        unitOf(a).localeCompare(unitOf(b), 'vi') ||
        a.name.localeCompare(b.name, 'vi', { numeric: true }),
    );
}
