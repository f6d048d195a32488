import type { Desk, Unit } from '../contracts/units.ts';
import { AppError } from '../platform/errors.ts';
import { dateOf } from './local-time.ts';

/** The units of the city, with the desks of each. Nothing here or elsewhere in code knows a unit by name. */
export class Units {
  readonly #units: ReadonlyMap<string, Unit>;

  constructor(units: readonly Unit[]) {
    this.#units = new Map(units.map((unit) => [unit.id, unit]));
  }

  /** All units in the order of the configuration, those that have ended included. */
  list(): Unit[] {
    return [...this.#units.values()];
  }

  /** Units that exist on the local date of `atMs`. */
  validAt(atMs: number): Unit[] {
    return this.list().filter((unit) => isValidAt(unit, atMs));
  }

  find(id: string): Unit | undefined {
    return this.#units.get(id);
  }

  /** Errors: `unit_unknown` (not_found). */
  get(id: string): Unit {
    const unit = this.find(id);
    if (unit === undefined) throw new AppError('not_found', 'unit_unknown', { params: { unit: id } });
    return unit;
  }

  /** The unit that answers at `atMs` for what was recorded under `id`: itself, or the last valid successor. Errors: `unit_unknown`. */
  answeringAt(id: string, atMs: number): Unit {
    let unit = this.get(id);
    while (unit.successorId !== null && unit.validTo !== null && unit.validTo < dateOf(atMs))
      unit = this.get(unit.successorId);
    return unit;
  }

  /** Errors: `unit_unknown`; `desk_unknown` when a desk is not one of the unit's. */
  desks(unitId: string, deskIds: readonly string[]): Desk[] {
    const { desks } = this.get(unitId);
    return deskIds.map((id) => {
      const desk = desks.find((d) => d.id === id);
      if (desk === undefined) throw new AppError('invalid', 'desk_unknown', { params: { unit: unitId, desk: id } });
      return desk;
    });
  }
}

/** Whether the unit exists on the local date of `atMs`; both ends of its validity are inclusive. */
export function isValidAt(unit: Unit, atMs: number): boolean {
  const date = dateOf(atMs);
  return (unit.validFrom === null || unit.validFrom <= date) && (unit.validTo === null || date <= unit.validTo);
}
