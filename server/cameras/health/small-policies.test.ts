import { describe, expect, test } from 'vitest';
import { followSpell, type Spell } from './lasting-policy.ts';
import { noPicture, withSign } from './picture-memory-policy.ts';
import type { PictureSign } from './picture-policy.ts';
import { isOutage, proposalCauseOf, proposedStretch } from './proposal-policy.ts';
import { uptimeOf } from './uptime-policy.ts';

const minute = 60_000;

/** What is told, and in which minute, of a part that is `x` in trouble, `.` well or ` ` unknown minute by minute, with five minutes to last. */
function tellings(states: string): string[] {
  let spell: Spell | null = null;
  const told: string[] = [];
  for (const [i, state] of [...states].entries()) {
    const step = followSpell(
      spell,
      state === 'x' ? 'trouble' : state === '.' ? 'well' : 'unknown',
      i * minute,
      5 * minute,
    );
    spell = step.spell;
    if (step.tell !== null) told.push(`${step.tell} ${i}`);
  }
  return told;
}

describe('a notice', () => {
  test.each([
    ['nothing of what passes', 'xx......xxx......', []],
    [
      'trouble that lasts, once, and its end once that has lasted too',
      'xxxxxxxxxx.........',
      ['troubled 5', 'recovered 15'],
    ],
    ['one that comes and goes, once', 'x.x.x.x.x.x.x.x.x.x.x......', ['troubled 6', 'recovered 26']],
    [
      'trouble again after it was well, anew',
      'xxxxxx......xxxxxx......',
      ['troubled 5', 'recovered 11', 'troubled 17', 'recovered 23'],
    ],
    ['nothing new while nothing is known', 'xxxxxx        x      ......', ['troubled 5', 'recovered 26']],
    ['nothing of what was always well', '..........', []],
  ])('tells %s', (_, states, told) => {
    expect(tellings(states)).toEqual(told);
  });

  test('counts from when the trouble began, not from when it was heard of', () => {
    expect(followSpell(null, 'trouble', 10 * minute, 5 * minute, 4 * minute).tell).toBe('troubled');
  });
});

describe('a sign', () => {
  const signs: Record<string, PictureSign> = { '.': 'good', d: 'dark', c: 'covered', f: 'out_of_focus', m: 'moved' };
  const believed = (seen: string) => {
    let memory = noPicture;
    return [...seen]
      .map((sign) => {
        memory = withSign(memory, signs[sign] ?? 'good');
        return Object.entries(signs).find(([, name]) => name === memory.sign)?.[0] ?? '?';
      })
      .join('');
  };
  test.each([
    ['is believed at once when it is good', '....', '....'],
    ['of a hand before the lens is not believed', '.c.c.c..', '........'],
    ['is believed after two or three pictures in a row', '.cc.mmm.fff', '..ccccmmmmf'],
    ['is unlearned after two good pictures', '.cc.c..', '..cccc.'],
    ['is unknown until enough was seen', 'mmm', '??m'],
    ['of another trouble takes its own time', '.ccdd', '..ccd'],
  ])('%s', (_, seen, then) => {
    expect(believed(seen)).toBe(then);
  });
});

describe('a proposal', () => {
  test.each([
    ['reachable', 'timeout', 'cut'],
    ['picture', 'covered', 'covered'],
    ['picture', 'dark', 'dark'],
    ['picture', 'moved', 'moved'],
    ['picture', 'out_of_focus', null],
    ['picture', 'frozen', null],
    ['authenticated', 'bad_credentials', null],
    ['streaming', 'no_frames', null],
    ['clock', 'clock_wrong', null],
  ] as const)('of %s: %s is for %s', (part, cause, proposed) => {
    expect(proposalCauseOf({ part, cause })).toBe(proposed);
  });

  test('is not made of an outage: half of the cameras, of four or more', () => {
    expect([isOutage(1, 1), isOutage(2, 3), isOutage(1, 4), isOutage(2, 4), isOutage(9, 20), isOutage(10, 20)]).toEqual(
      [...[false, false, false, true, false, true]],
    );
  });

  test('covers what happened and a little around it, an hour at most, and nothing of what is to come', () => {
    const [from, now] = [1_000 * minute, 1_020 * minute];
    expect(proposedStretch(from, from + 5 * minute, now)).toEqual({ fromMs: from - 30_000, toMs: from + 5.5 * minute });
    expect(proposedStretch(from, null, now)).toEqual({ fromMs: from - 30_000, toMs: now + 30_000 });
    expect(proposedStretch(from, null, from + 600 * minute)).toEqual({
      fromMs: from - 30_000,
      toMs: from + 59.5 * minute,
    });
  });
});

describe('the account of a day', () => {
  test('counts what was to be recorded, what was, and when the picture was good', () => {
    const timeline = {
      recorded: [
        [200, 500],
        [600, 900],
      ] as [number, number][],
      gaps: [
        { from: 0, to: 200, reason: 'schedule' },
        { from: 500, to: 600, reason: 'camera_offline' },
        { from: 900, to: 1000, reason: 'policy_deleted' },
      ],
    };
    expect(uptimeOf(timeline, [{ fromMs: 450, toMs: 650 }], 0, 1000)).toEqual({
      ...{ scheduledMs: 700, recordedMs: 600, healthyMs: 500 },
    });
    expect(uptimeOf(timeline, [], 400, 700)).toEqual({ scheduledMs: 300, recordedMs: 200, healthyMs: 200 });
  });

  test('of a day off is nothing', () => {
    const off = { recorded: [], gaps: [{ from: 0, to: 1000, reason: 'schedule' }] };
    expect(uptimeOf(off, [{ fromMs: 0, toMs: 1000 }], 0, 1000)).toEqual({
      scheduledMs: 0,
      recordedMs: 0,
      healthyMs: 0,
    });
  });
});
