import { expect, it } from 'vitest';
import { buildTimeline } from './timeline.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

it('joins files that touch, cuts to the asked range, and puts gaps between', () => {
  const spans = [span(0, 100), span(100, 200), span(300, 400)];
  const gaps = [{ fromMs: 200, toMs: 300, reason: 'camera_offline' as const }];
  expect(buildTimeline({ spans, gaps, sinceMs: 0, untilMs: 1000 }, 50, 350)).toEqual({
    recorded: [
      [50, 200],
      [300, 350],
    ],
    gaps: [{ from: 200, to: 300, reason: 'camera_offline' }],
  });
});

it('lets an open gap last until now and no longer', () => {
  const gaps = [{ fromMs: 100, toMs: null, reason: 'network' as const }];
  expect(buildTimeline({ spans: [span(0, 100)], gaps, sinceMs: 0, untilMs: 250 }, 0, 1000).gaps).toEqual([
    { from: 100, to: 250, reason: 'network' },
  ]);
});

it('shows time that nothing accounts for', () => {
  const gaps = [{ fromMs: 120, toMs: 150, reason: 'network' as const }];
  expect(buildTimeline({ spans: [span(0, 100), span(180, 200)], gaps, sinceMs: 0, untilMs: 200 }, 0, 200).gaps).toEqual(
    [
      { from: 100, to: 120, reason: 'unknown' },
      { from: 120, to: 150, reason: 'network' },
      { from: 150, to: 180, reason: 'unknown' },
    ],
  );
});

it('has nothing scheduled before the stream began', () => {
  expect(buildTimeline({ spans: [span(500, 600)], gaps: [], sinceMs: 500, untilMs: 600 }, 0, 600).gaps).toEqual([
    { from: 0, to: 500, reason: 'schedule' },
  ]);
  expect(buildTimeline({ spans: [], gaps: [], sinceMs: null, untilMs: 600 }, 0, 1000).gaps).toEqual([
    { from: 0, to: 600, reason: 'schedule' },
  ]);
});
