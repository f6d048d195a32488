import { describe, expect, it } from 'vitest';
import { formatTime, HOUR_MS, MINUTE_MS, parseDateTime } from '../../components/time.ts';
import { centre, follow, msAt, pan, stepOf, ticks, xOf, zoom } from './timeline-scale.ts';

const at = (text: string) => parseDateTime(`19/11/2026 ${text}`, 0) ?? 0;
const span = { fromMs: at('07:15'), toMs: at('09:45') };

describe('time and pixels', () => {
  it('agree in both directions', () => {
    expect(xOf(span, 1_500, at('08:30'))).toBe(750);
    expect(msAt(span, 1_500, 750)).toBe(at('08:30'));
    expect(xOf(span, 1_500, at('07:05'))).toBe(-100);
  });

  it('zooming keeps the moment under the pointer where it is', () => {
    const closer = zoom(span, 0.5, at('09:00'));
    expect(closer.toMs - closer.fromMs).toBe(75 * MINUTE_MS);
    expect(xOf(closer, 1_500, at('09:00'))).toBeCloseTo(xOf(span, 1_500, at('09:00')), 2);
  });

  it('zooming ends at one minute and at 24 hours', () => {
    const near = zoom(span, 0.0001, at('09:00'));
    const far = zoom(span, 1_000, at('09:00'));
    expect(near.toMs - near.fromMs).toBe(MINUTE_MS);
    expect(far.toMs - far.fromMs).toBe(24 * HOUR_MS);
  });

  it('panning and centring keep the length', () => {
    expect(pan(span, MINUTE_MS)).toEqual({ fromMs: at('07:16'), toMs: at('09:46') });
    expect(centre(span, at('12:00'))).toEqual({ fromMs: at('10:45'), toMs: at('13:15') });
  });

  it('a playhead in sight moves nothing; one that leaves turns the page', () => {
    expect(follow(span, at('08:00'))).toBe(span);
    expect(follow(span, at('09:40'))).toEqual({ fromMs: at('09:25'), toMs: at('11:55') });
    expect(follow(span, at('06:00')).fromMs).toBe(at('05:45'));
  });
});

describe('ruler', () => {
  it.each([
    [24 * HOUR_MS, 3 * HOUR_MS],
    [2.5 * HOUR_MS, 15 * MINUTE_MS],
    [10 * MINUTE_MS, MINUTE_MS],
    [MINUTE_MS, 5_000],
  ])('of %d ms on 1150 px has a label every %d ms', (length, step) => {
    expect(stepOf({ fromMs: span.fromMs, toMs: span.fromMs + length }, 1_150)).toBe(step);
  });

  it('labels stand on the round times of Việt Nam', () => {
    const labels = ticks(span, 1_150).filter((tick) => tick.major);
    expect(labels.map((tick) => formatTime(tick.ms)).slice(0, 3)).toEqual(['07:15:00', '07:30:00', '07:45:00']);
    expect(labels).toHaveLength(10);
  });

  it('has no tick outside the span', () => {
    const all = ticks({ fromMs: at('08:00:03'), toMs: at('08:00:59') }, 900);
    expect(Math.min(...all.map((tick) => tick.ms))).toBeGreaterThanOrEqual(at('08:00:03'));
    expect(Math.max(...all.map((tick) => tick.ms))).toBeLessThan(at('08:00:59'));
  });
});
