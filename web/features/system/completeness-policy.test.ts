import { describe, expect, it } from 'vitest';
import type { Completeness } from '../../../server/contracts/completeness.ts';
import { formatDate } from '../../components/time.ts';
import { completenessCsv } from './completeness-csv.ts';
import { barOf, periodAround, shareOf, stepPeriod, unitRows } from './completeness-policy.ts';

const minute = 60_000;
const part = (recordedMs: number, more: Partial<Completeness> = {}): Completeness => ({
  scheduledMs: 1000,
  recordedMs,
  explainedMs: {},
  unexplainedMs: 0,
  ...more,
});

describe('a period in Viet Nam', () => {
  const tuesday = Date.UTC(2026, 10, 24, 2, 42);
  const told = (period: 'day' | 'week' | 'month', at = tuesday) => {
    const { from, to } = periodAround(period, at);
    return `${formatDate(from)} ${formatDate(to)}`;
  };

  it('is a day, a week from Monday on, or a month', () => {
    expect(told('day')).toBe('24/11/2026 25/11/2026');
    expect(told('week')).toBe('23/11/2026 30/11/2026');
    expect(told('month')).toBe('01/11/2026 01/12/2026');
  });

  it('begins at midnight there, when it is still the evening before elsewhere', () => {
    expect(told('month', Date.UTC(2026, 10, 30, 17))).toBe('01/12/2026 01/01/2027');
    expect(told('week', Date.UTC(2026, 10, 22, 16, 59))).toBe('16/11/2026 23/11/2026');
  });

  it('is followed by the next without a hole, through short months', () => {
    let at = Date.UTC(2027, 0, 31, 5);
    const months = Array.from({ length: 3 }, () => {
      const { from, to } = periodAround('month', at);
      at = stepPeriod('month', at, 1);
      expect(at).toBe(to);
      expect(periodAround('month', stepPeriod('month', at, -1)).from).toBe(from);
      return Math.round((to - from) / 86_400_000);
    });
    expect(months).toEqual([31, 28, 31]);
  });
});

describe('what is shown of a part', () => {
  it('stacks what is recorded, the kinds of reasons and what nothing explains', () => {
    const explainedMs = { camera_offline: 60, network: 40, disk_full: 30, policy_deleted: 20 };
    expect(barOf(part(800, { explainedMs, unexplainedMs: 50 }))).toEqual([
      { kind: 'recorded', share: 0.8 },
      { kind: 'camera', share: 0.1 },
      { kind: 'server', share: 0.03 },
      { kind: 'meant', share: 0.02 },
      { kind: 'unexplained', share: 0.05 },
    ]);
    expect(barOf({ ...part(0), scheduledMs: 0 })).toEqual([]);
  });

  it('never rounds away what is missing', () => {
    expect(shareOf({ recordedMs: 99_999, scheduledMs: 100_000 })).toBe(0.999);
    expect(shareOf({ recordedMs: 100_000, scheduledMs: 100_000 })).toBe(1);
    expect(shareOf({ recordedMs: 0, scheduledMs: 0 })).toBeNull();
  });

  it('puts unexplained time first, then the least complete', () => {
    const unit = (unitId: string, of: Completeness) => ({ unitId, ...of });
    const units = [
      unit('whole', part(1000)),
      unit('half', part(500, { explainedMs: { network: 500 } })),
      unit('odd', part(990, { unexplainedMs: 10 })),
      unit('off', { ...part(0), scheduledMs: 0 }),
    ];
    const cameras = [
      { cameraId: 'a', ...unit('half', part(700)) },
      { cameraId: 'b', ...unit('half', part(300)) },
    ];
    const rows = unitRows({ units, cameras });
    expect(rows.map((row) => row.unit.unitId)).toEqual(['odd', 'half', 'whole', 'off']);
    expect(rows[1]?.cameras.map(({ cameraId }) => cameraId)).toEqual(['b', 'a']);
  });
});

it('writes a table that spreadsheets read, and no formula of anybody’s', () => {
  const camera = { cameraId: 'c', unitId: 'u', ...part(90 * minute, { scheduledMs: 100 * minute }) };
  const row = { ...camera, explainedMs: { network: 9.5 * minute }, unexplainedMs: 0.5 * minute };
  const report = { from: 0, to: 1, streams: [], units: [], total: part(0), cameras: [row] };
  const words = {
    ...{
      unit: 'Đơn vị',
      camera: 'Camera',
      scheduled: 'Phải ghi',
      recorded: 'Đã ghi',
      share: '%',
      unexplained: 'Chưa rõ',
    },
    reason: (reason: string) => reason,
    unitName: () => '=cmd()',
    cameraName: () => 'Quầy "1"; sảnh',
  };
  const lines = completenessCsv(report, { ...words, decimal: ',' }).split('\r\n');
  expect(lines[0]).toBe(
    '\uFEFFĐơn vị;Camera;Phải ghi;Đã ghi;%;camera_offline;auth_failed;network;stream_stalled;server_stopped;server_crashed;disk_full;disk_error;clock_jump;policy_deleted;planned;Chưa rõ',
  );
  expect(lines[1]).toBe('\'=cmd();"Quầy ""1""; sảnh";100,0;90,0;90,0;0,0;0,0;9,5;0,0;0,0;0,0;0,0;0,0;0,0;0,0;0,0;0,5');
  expect(completenessCsv(report, { ...words, decimal: '.' }).split('\r\n')[1]).toContain(',100.0,90.0,');
});
