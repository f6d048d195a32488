import type { Actor } from '../access/actor.ts';
import { permits, reachOf } from '../access/roles-policy.ts';
import type { Ability } from '../contracts/roles.ts';
import { AppError } from '../platform/errors.ts';

/**
 * Who may call a route. `public`: anybody. `session`: whoever is signed in; the handler's service decides what they see.
 * `ability`: whose role has one of the abilities at all; where the subject has a unit, the handler narrows it with `requireUnit`.
 */
export type Guard = { kind: 'public' } | { kind: 'session' } | { kind: 'ability'; abilities: readonly Ability[] };

export const guard = {
  public: { kind: 'public' },
  session: { kind: 'session' },
  ability: (...abilities: Ability[]) => ({ kind: 'ability', abilities }),
} as const satisfies Record<string, Guard | ((...abilities: Ability[]) => Guard)>;

/** Errors: `not_permitted`. */
export function checkGuard(rule: Guard, actor: Actor): void {
  if (rule.kind !== 'ability') return;
  if (!rule.abilities.some((ability) => reachOf(actor.role, ability) !== 'none')) throw notPermitted();
}

/** The ability, held over this very unit. Errors: `not_permitted`. */
export function requireUnit(actor: Actor, ability: Ability, unitId: string): void {
  if (!permits(actor, ability, { unitId })) throw notPermitted();
}

export function notPermitted(): AppError {
  return new AppError('forbidden', 'not_permitted');
}
