import { describe, expect, it } from 'vitest';
import { moveEnd, readStretch, scaleAround, scaleFor } from './case-stretch-policy.ts';

/** 24/11/2026 09:00 in Việt Nam. */
const nine = Date.UTC(2026, 10, 24, 2);
const minute = 60_000;

describe('a stretch that is typed', () => {
  const read = (from: string, to: string) => readStretch(from, to, nine, nine + 60 * minute);
  it('takes its date from the case, and the date of its end from its start', () => {
    expect(read('09:10', '09:15:30')).toEqual({ fromMs: nine + 10 * minute, toMs: nine + 15.5 * minute });
    expect(read('23/11/2026 09:00', '09:10')).toEqual({ fromMs: nine - 1440 * minute, toMs: nine - 1430 * minute });
  });
  it('says which time to mend', () => {
    expect(read('chín giờ', '09:10')).toEqual({ problem: 'from' });
    expect(read('09:10', '')).toEqual({ problem: 'to' });
    expect(read('09:10', '09:10')).toEqual({ problem: 'order' });
    expect(read('04:00', '09:00')).toEqual({ problem: 'long' });
    expect(read('09:50', '10:01')).toEqual({ problem: 'future' });
  });
});

describe('the small timeline', () => {
  it('shows what lies around a stretch, and nothing that is still to come', () => {
    const span = { fromMs: nine, toMs: nine + minute };
    expect(scaleAround(span, nine + 90_000)).toEqual({ fromMs: nine - minute, toMs: nine + 90_000 });
    expect(scaleAround(span, nine + 500 * minute).toMs).toBe(nine + 2 * minute);
    const odd = { fromMs: nine + 250, toMs: nine + 1_250 };
    expect(scaleAround(odd, nine + 500 * minute)).toEqual({ fromMs: nine - minute, toMs: nine + minute + 2_000 });
  });
  it('goes to a stretch that is typed elsewhere, and stays where it holds it', () => {
    const now = nine + 500 * minute;
    const scale = { fromMs: nine, toMs: nine + 10 * minute };
    const span = (from: number) => ({ fromMs: nine + from * minute, toMs: nine + (from + 1) * minute });
    expect(scaleFor(span(3), scale, now)).toBe(scale);
    expect(scaleFor(span(30), scale, now)).toEqual({ fromMs: nine + 29 * minute, toMs: nine + 32 * minute });
  });
  it('keeps an end on its side and on the scale', () => {
    const scale = { fromMs: 0, toMs: 100_000 };
    const span = { fromMs: 10_000, toMs: 20_000 };
    expect(moveEnd(span, 'from', 30_000, scale)).toEqual({ fromMs: 19_000, toMs: 20_000 });
    expect(moveEnd(span, 'from', -5, scale).fromMs).toBe(0);
    expect(moveEnd(span, 'to', 5_000, scale).toMs).toBe(11_000);
    expect(moveEnd(span, 'to', 500_000, scale).toMs).toBe(100_000);
  });
});
