import { DAY_MS, partsOf, startOfDay } from '../../components/time.ts';

export const FIGURE_PERIODS = ['month', 'lastMonth', '30', '90', 'year', 'all'] as const;
export type FigurePeriod = (typeof FIGURE_PERIODS)[number];
export const USUAL_PERIOD: FigurePeriod = '90';

const OFFSET_MS = 7 * 3_600_000;
/** Midnight of the first of a month in Việt Nam; `month` may lie outside 1–12. */
const firstOf = (year: number, month: number) => Date.UTC(year, month - 1, 1) - OFFSET_MS;

export function periodOf(text: string): FigurePeriod {
  return FIGURE_PERIODS.find((period) => period === text) ?? USUAL_PERIOD;
}

/** The stretch in which cases were flagged, whole days of Việt Nam in epoch ms; nothing is no bound. */
export function rangeOfPeriod(period: FigurePeriod, nowMs: number): { from?: number; to?: number } {
  const { year, month } = partsOf(nowMs);
  const tomorrow = startOfDay(nowMs) + DAY_MS;
  switch (period) {
    case 'month':
      return { from: firstOf(year, month), to: tomorrow };
    case 'lastMonth':
      return { from: firstOf(year, month - 1), to: firstOf(year, month) };
    case '30':
    case '90':
      return { from: tomorrow - Number(period) * DAY_MS, to: tomorrow };
    case 'year':
      return { from: firstOf(year, 1), to: tomorrow };
    case 'all':
      return {};
  }
}

/** A part of a whole as a share of 1; null where there is no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
