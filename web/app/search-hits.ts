import type { Camera } from '../../server/contracts/cameras.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { Me } from '../../server/contracts/session.ts';
import type { Unit } from '../../server/contracts/units.ts';
import { can } from '../api/session.ts';
import { matches } from '../components/time.ts';
import { paths } from './paths.ts';

export interface Hit {
  kind: 'units' | 'cameras' | 'incidents';
  id: string;
  title: string;
  detail: string;
  to: string;
  /** A second way in, for those who may play recordings back. */
  playback?: string;
}

const MOST_UNITS = 5;
const MOST_CAMERAS = 8;

/** Whether what is typed can only be, or begin, the number of an incident: `VV-2026-0001`, `2026-1`, `0412`. */
export function looksLikeIncidentNumber(query: string): boolean {
  return /^(vv[-\s]?\d*|\d{2,4}(-\d+)?|\d{3,})/i.test(query.trim());
}

/** Units and cameras that the query names, each leading where the person's role may go. */
export function findPlaces(
  query: string,
  person: Me,
  units: readonly Unit[],
  cameras: readonly Camera[],
  cameraCount: (n: number) => string,
): Hit[] {
  if (query.trim() === '') return [];
  const watches = can(person, 'watch_live');
  const unitName = new Map(units.map((unit) => [unit.id, unit.name]));
  const foundUnits = units.filter((unit) => matches(query, unit.name)).slice(0, MOST_UNITS);
  const foundCameras = cameras
    .filter((camera) => matches(query, `${camera.name} ${unitName.get(camera.unitId) ?? ''}`))
    .slice(0, MOST_CAMERAS);
  return [
    ...foundUnits.map(
      (unit): Hit => ({
        kind: 'units',
        id: unit.id,
        title: unit.name,
        detail: cameraCount(cameras.filter((camera) => camera.unitId === unit.id).length),
        to: watches ? paths.wall({ unit: unit.id }) : paths.cameras({ unit: unit.id }),
      }),
    ),
    ...foundCameras.map(
      (camera): Hit => ({
        kind: 'cameras',
        id: camera.id,
        title: camera.name,
        detail: unitName.get(camera.unitId) ?? '',
        to: watches ? paths.wall({ camera: camera.id }) : paths.cameras({ camera: camera.id }),
        ...(person.abilities.play_back === 'city' && { playback: paths.playback({ cameras: [camera.id] }) }),
      }),
    ),
  ];
}

export function incidentHits(incidents: readonly IncidentSummary[], categoryName: (code: string) => string): Hit[] {
  return incidents.map((incident) => ({
    kind: 'incidents',
    id: incident.id,
    title: incident.number,
    detail: `${categoryName(incident.category)} · ${incident.unitName}`,
    to: paths.incident(incident.id),
  }));
}
