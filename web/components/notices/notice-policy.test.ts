import { expect, it } from 'vitest';
import type { Notice } from '../../../server/contracts/notices.ts';
import { paths } from '../../app/paths.ts';
import { bellText, linkOf, titleKey } from './notice-policy.ts';

const notice = (more: Partial<Notice>): Notice => ({
  id: 'n1',
  kind: 'case_flagged',
  atMs: 1,
  readAtMs: null,
  count: 1,
  cases: [],
  cameras: [],
  alarm: null,
  digest: null,
  ...more,
});
const one = {
  id: 'c1',
  number: 'VV-2026-0001',
  state: 'flagged',
  category: 'VT01',
  severity: 2,
  unitName: 'Hồng Hà',
  cameraName: 'Quầy số 1',
  conclusion: null,
  dueAtMs: null,
} as const;
const camera = { id: 'k1', name: 'Quầy số 1', unitId: 'hong-ha', unitName: 'Hồng Hà', trouble: 'offline' };

it('a notice of one case opens it, of several their list', () => {
  expect(linkOf(notice({ cases: [one] }), false, paths)).toBe('/incidents/c1');
  expect(linkOf(notice({ cases: [one], count: 5 }), false, paths)).toBe('/incidents?state=flagged');
  expect(linkOf(notice({ kind: 'case_assigned', cases: [one], count: 5 }), false, paths)).toBe('/incidents');
});

it('a notice of a camera opens it where its reader finds cameras', () => {
  const down = notice({ kind: 'camera_down', cameras: [camera] });
  expect(linkOf(down, true, paths)).toBe('/cameras?camera=k1');
  expect(linkOf(down, false, paths)).toBe('/wall?camera=k1');
  expect(linkOf({ ...down, count: 9 }, false, paths)).toBe('/wall?unit=hong-ha');
});

it('second readings, digests and failed deliveries lead to their screens', () => {
  const kinds = ['second_reading_waiting', 'digest', 'delivery_failed', 'summary'] as const;
  expect(kinds.map((kind) => linkOf(notice({ kind }), true, paths))).toEqual([
    '/incidents/second-readings',
    '/overview',
    '/system/deliveries',
    '/notices',
  ]);
});

it('the words are of one thing or of several, and the bell counts to 99', () => {
  expect([titleKey(notice({})), titleKey(notice({ count: 2 }))]).toEqual(['one.case_flagged', 'many.case_flagged']);
  expect([bellText(0), bellText(7), bellText(100)]).toEqual(['', '7', '99+']);
});
