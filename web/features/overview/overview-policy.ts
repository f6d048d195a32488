import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Severity } from '../../../server/contracts/common.ts';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { conditionOf, faultOf } from '../../components/camera-condition.ts';

export interface UnitCard {
  unit: Unit;
  cameras: Camera[];
  /** Cameras that are switched on. */
  total: number;
  working: number;
  faults: Camera[];
  incidents: IncidentSummary[];
  bySeverity: Record<Severity, number>;
  /** All cameras that are switched on work. */
  normal: boolean;
  /** A technical fault, an urgent case or an overdue one. */
  attention: boolean;
}

/** What the first sentence counts as normal: the units that do not stand under "needs attention" either. */
export const isCalm = (card: Pick<UnitCard, 'normal' | 'attention'>): boolean => card.normal && !card.attention;

export const isOverdue = (incident: Pick<IncidentSummary, 'dueAtMs'>, nowMs: number): boolean =>
  incident.dueAtMs !== null && incident.dueAtMs < nowMs;

export function countBySeverity(incidents: readonly Pick<IncidentSummary, 'severity'>[]): Record<Severity, number> {
  const counts = { 1: 0, 2: 0, 3: 0 };
  for (const { severity } of incidents) counts[severity] += 1;
  return counts;
}

/** Units with cameras as cards, what needs attention first; and the units to which no camera is connected. */
export function unitCards(
  units: readonly Unit[],
  cameras: readonly Camera[],
  open: readonly IncidentSummary[],
  nowMs: number,
): { cards: UnitCard[]; unconnected: Unit[] } {
  const byUnit = Map.groupBy(cameras, (camera) => camera.unitId);
  const incidentsByUnit = Map.groupBy(open, (incident) => incident.unitId);
  const cards = units.flatMap((unit): UnitCard[] => {
    const own = byUnit.get(unit.id);
    if (own === undefined) return [];
    const on = own.filter((camera) => conditionOf(camera) !== 'off');
    const working = on.filter((camera) => conditionOf(camera) === 'ok').length;
    const faults = on.filter((camera) => conditionOf(camera) === 'fault');
    const incidents = incidentsByUnit.get(unit.id) ?? [];
    const urgent = incidents.some((incident) => incident.severity === 3 || isOverdue(incident, nowMs));
    return [
      {
        unit,
        cameras: own.toSorted((a, b) => a.name.localeCompare(b.name, 'vi', { numeric: true })),
        total: on.length,
        working,
        faults,
        incidents,
        bySeverity: countBySeverity(incidents),
        normal: working === on.length && on.length > 0,
        attention: faults.length > 0 || urgent,
      },
    ];
  });
  const weight = (card: UnitCard) =>
    card.bySeverity[3] * 4 + card.faults.length * 3 + card.incidents.filter((one) => isOverdue(one, nowMs)).length * 2;
  return {
    cards: cards.toSorted((a, b) => Number(b.attention) - Number(a.attention) || weight(b) - weight(a)),
    unconnected: units.filter((unit) => !byUnit.has(unit.id)),
  };
}

export type Matter =
  | { kind: 'incident'; why: 'urgent' | 'overdue' | 'today'; incident: IncidentSummary }
  | { kind: 'unit_dark'; unit: Unit; cameras: Camera[]; sinceMs: number }
  | { kind: 'camera'; unit: Unit; camera: Camera };

/** The end of the day on which the reader looks, for terms that end today. */
interface Moment {
  nowMs: number;
  endOfDayMs: number;
}

/**
 * Everything that waits for a person, most pressing first: urgent cases, then overdue ones (longest first), units that no
 * camera shows any more, terms that end today, single cameras. Each case stands once.
 */
export function mattersOf(
  cards: readonly UnitCard[],
  open: readonly IncidentSummary[],
  { nowMs, endOfDayMs }: Moment,
): Matter[] {
  const byTerm = open.toSorted((a, b) => (a.dueAtMs ?? Infinity) - (b.dueAtMs ?? Infinity) || a.atMs - b.atMs);
  const urgent = byTerm.filter((incident) => incident.severity === 3);
  const rest = byTerm.filter((incident) => incident.severity !== 3);
  const overdue = rest.filter((incident) => isOverdue(incident, nowMs));
  const today = rest.filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs >= nowMs && dueAtMs < endOfDayMs);
  const case_ =
    (why: 'urgent' | 'overdue' | 'today') =>
    (incident: IncidentSummary): Matter => ({
      kind: 'incident',
      why,
      incident,
    });
  const isDark = (card: UnitCard) => card.total > 0 && card.faults.length === card.total;
  const dark = cards.filter(isDark).map(
    ({ unit, faults }): Matter => ({
      kind: 'unit_dark',
      unit,
      cameras: faults,
      sinceMs: Math.max(...faults.map((camera) => faultOf(camera).sinceMs)),
    }),
  );
  const single = cards
    .filter((card) => !isDark(card))
    .flatMap(({ unit, faults }) => faults.map((camera): Matter => ({ kind: 'camera', unit, camera })));
  return [
    ...urgent.map(case_('urgent')),
    ...overdue.map(case_('overdue')),
    ...dark,
    ...today.map(case_('today')),
    ...single,
  ];
}
