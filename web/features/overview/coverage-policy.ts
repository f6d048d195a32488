import type { Completeness, CompletenessReport } from '../../../server/contracts/completeness.ts';

/** Below this a unit's figures say little of the unit. */
export const COVERAGE_THRESHOLD = 0.95;

/** Share of what was to be recorded that is; null when nothing was. Rounded down to a tenth of a percent, so that what is missing shows. */
export function coverageOf({
  recordedMs,
  scheduledMs,
}: Pick<Completeness, 'recordedMs' | 'scheduledMs'>): number | null {
  return scheduledMs === 0 ? null : Math.floor((1000 * recordedMs) / scheduledMs) / 1000;
}

/** Units that had something to record, the least complete first. */
export function lowestCoverage(units: CompletenessReport['units']): { unitId: string; share: number }[] {
  return units
    .flatMap((unit) => {
      const share = coverageOf(unit);
      return share === null ? [] : [{ unitId: unit.unitId, share }];
    })
    .sort((a, b) => a.share - b.share);
}
