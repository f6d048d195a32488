import { describe, expect, it } from 'vitest';
import type { Category } from '../../../server/contracts/incidents.ts';
import { moveEnd, pendingMs, remember, scaleOf, suggest } from './flag-policy.ts';

const categories: Category[] = [
  { code: 'VT01', vi: 'Vắng mặt không lý do', en: 'Absent without reason', severity: 2 },
  { code: 'TP01', vi: 'Không đeo thẻ', en: 'No name badge', severity: 1 },
  { code: 'TN01', vi: 'Để dân chờ, quầy trống', en: 'Desk unattended, citizens waiting', severity: 2 },
  { code: 'TN02', vi: 'Chậm xử lý phản ánh', en: 'Complaint not dealt with', severity: 2 },
];
const codes = (typed: string) => suggest(categories, typed).map((c) => c.code);

describe('what a typed text means', () => {
  it.each([
    ['a whole code', 'TN01', ['TN01']],
    ['case does not matter', 'tn02', ['TN02']],
    ['the beginning of a code', 'tn', ['TN01', 'TN02']],
    ['a name without diacritics', 'de dan cho', ['TN01']],
    ['words in any order', 'trống quầy', ['TN01']],
    ['the English name', 'badge', ['TP01']],
    ['a name that begins so comes before one that contains it', 'khong', ['TP01', 'VT01']],
    ['a code with its name, as a suggestion writes it', 'TN01 Để dân chờ, quầy trống', ['TN01']],
    ['nothing', '  ', []],
    ['nonsense', 'xyz', []],
  ])('%s', (_rule, typed, expected) => {
    expect(codes(typed)).toEqual(expected);
  });

  it('recent codes are the last three, each once', () => {
    expect(remember(['A', 'B', 'C'], 'D')).toEqual(['D', 'A', 'B']);
    expect(remember(['A', 'B', 'C'], 'C')).toEqual(['C', 'A', 'B']);
  });
});

describe('the stretch', () => {
  const stretch = { fromMs: 70_000, toMs: 130_000 };
  const scale = scaleOf(stretch, 100_000);

  it('is drawn on a minute to each side of the moment', () => {
    expect(scale).toEqual({ fromMs: 40_000, toMs: 160_000 });
  });

  it('a long marked stretch gets room around it', () => {
    expect(scaleOf({ fromMs: 0, toMs: 600_000 }, 300_000)).toEqual({ fromMs: -150_000, toMs: 750_000 });
  });

  it('an end stays on the scale and on its side of the moment', () => {
    expect(moveEnd(stretch, 'from', 0, scale, 100_000)).toEqual({ fromMs: 40_000, toMs: 130_000 });
    expect(moveEnd(stretch, 'from', 120_000, scale, 100_000)).toEqual({ fromMs: 100_000, toMs: 130_000 });
    expect(moveEnd(stretch, 'to', 90_000, scale, 100_000)).toEqual({ fromMs: 70_000, toMs: 100_000 });
    expect(moveEnd(stretch, 'to', 900_000, scale, 100_000)).toEqual({ fromMs: 70_000, toMs: 160_000 });
  });

  it('at least a second is left', () => {
    expect(moveEnd({ fromMs: 100_000, toMs: 130_000 }, 'to', 100_000, scale, 100_000).toMs).toBe(101_000);
  });

  it('what is still to come is known', () => {
    expect(pendingMs(stretch, 114_000)).toBe(16_000);
    expect(pendingMs(stretch, 200_000)).toBe(0);
  });
});
