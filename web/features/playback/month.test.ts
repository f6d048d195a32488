import { describe, expect, it } from 'vitest';
import { formatDate, parseDateTime } from '../../components/time.ts';
import { daysOf, monthStart } from './month.tsx';

const day = (text: string) => parseDateTime(text, 0) ?? 0;

describe('a month of days', () => {
  it('begins on Monday and ends on Sunday', () => {
    const days = daysOf(day('24/11/2026'));
    expect(days).toHaveLength(42);
    expect(formatDate(days[0]!)).toBe('26/10/2026');
    expect(formatDate(days.at(-1)!)).toBe('06/12/2026');
  });

  it('crosses the year in both directions', () => {
    expect(formatDate(monthStart(day('15/12/2026'), 1))).toBe('01/01/2027');
    expect(formatDate(monthStart(day('01/01/2027'), -1))).toBe('01/12/2026');
  });
});
