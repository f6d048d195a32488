import type { Ability } from '../contracts/roles.ts';
import type { Actor } from './actor.ts';
import { permits, reachOf } from './roles-policy.ts';

/** Units that a list may show: all of them, or these (none when empty). */
export type UnitScope = 'all' | readonly string[];

type Person = Pick<Actor, 'role' | 'unitId'>;

/** The units in which an ability has any meaning for this person; what a list filters by before it looks at single rows. */
export function unitScope(actor: Person, ability: Ability): UnitScope {
  switch (reachOf(actor.role, ability)) {
    case 'city':
    case 'health':
      return 'all';
    case 'own_unit':
    case 'sent_incidents':
      return actor.unitId === null ? [] : [actor.unitId];
    case 'none':
      return [];
  }
}

/** Units whose cameras the person may know of: those that may be watched, and all of them for whoever manages the system. */
export function unitsVisible(actor: Person): UnitScope {
  return permits(actor, 'manage_system') ? 'all' : unitScope(actor, 'watch_live');
}

export function includesUnit(scope: UnitScope, unitId: string): boolean {
  return scope === 'all' || scope.includes(unitId);
}

/** Live video of a unit's cameras. */
export function mayWatch(actor: Person, unitId: string): boolean {
  return permits(actor, 'watch_live', { unitId });
}

/** Recordings of a unit's cameras, apart from the clips of cases, which the incident policy opens. */
export function mayPlayBack(actor: Person, unitId: string): boolean {
  return permits(actor, 'play_back', { unitId });
}

/** A still of now shows whether a camera works, so it also is what `health` means; a still of the past is playback. */
export function maySeeStill(actor: Person, unitId: string, moment: 'now' | 'past'): boolean {
  if (moment === 'past') return mayPlayBack(actor, unitId);
  return includesUnit(unitScope(actor, 'watch_live'), unitId);
}
