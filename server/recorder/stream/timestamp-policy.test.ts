import { describe, expect, it } from 'vitest';
import { restartLimits } from './restart-policy.ts';
import { TimestampJudge, timestampFailures, timestampSource } from './timestamp-policy.ts';

const second = 90_000;
const stuck = { cause: 'timestamps_stuck', recordedMs: 1500 } as const;

describe('timestamps of a camera', () => {
  it('are good at any rate from one frame in nine seconds to a hundred a second', () => {
    const slow = new TimestampJudge(second);
    const fast = new TimestampJudge(second);
    for (let i = 0; i < 100; i += 1) {
      expect(slow.judge({ baseDecodeTime: i * 9 * second, duration: 9 * second, samples: 1 })).toBe('good');
      expect(fast.judge({ baseDecodeTime: (i * second) / 5, duration: second / 5, samples: 20 })).toBe('good');
    }
  });

  it('may repeat now and then', () => {
    const judge = new TimestampJudge(second);
    expect(judge.judge({ baseDecodeTime: 0, duration: 1, samples: 1 })).toBe('good');
    expect(judge.judge({ baseDecodeTime: 1, duration: second, samples: 25 })).toBe('good');
  });

  it('stand still when ffmpeg has to make steps of one unit', () => {
    const judge = new TimestampJudge(second);
    expect(judge.judge({ baseDecodeTime: 0, duration: second, samples: 25 })).toBe('good');
    expect(judge.judge({ baseDecodeTime: second, duration: 25, samples: 25 })).toBe('stuck');
    const keyframesOnly = new TimestampJudge(second);
    const verdicts = Array.from({ length: 25 }, (_, i) =>
      keyframesOnly.judge({ baseDecodeTime: i, duration: 1, samples: 1 }),
    );
    expect(verdicts).toContain('stuck');
  });
});

describe('whose time the next run follows', () => {
  it('is the arrival after two failures in a row, and the camera again after that run', () => {
    const once = timestampFailures(0, stuck);
    expect(timestampSource(once)).toBe('camera');
    const twice = timestampFailures(once, { ...stuck, cause: 'timestamps_jumped' });
    expect(timestampSource(twice)).toBe('arrival');
    expect(timestampSource(timestampFailures(twice, { cause: 'connection_closed', recordedMs: 60_000 }))).toBe(
      'camera',
    );
  });

  it('stays the camera when its clock is set now and then', () => {
    const once = timestampFailures(0, stuck);
    expect(timestampSource(timestampFailures(once, { ...stuck, recordedMs: restartLimits.healthyMs }))).toBe('camera');
  });
});
