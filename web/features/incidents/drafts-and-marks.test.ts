import { describe, expect, it } from 'vitest';
import { parseDraft } from './draft.ts';
import { spanOf } from './span-words.ts';
import { changed, parseIds } from './unread.ts';
import { missingOf } from './use-case-step.ts';

describe('unread marks', () => {
  it('are set once and taken away when the case is opened', () => {
    expect(changed(changed([], 'a', true), 'a', true)).toEqual(['a']);
    expect(changed(['a', 'b'], 'a', false)).toEqual(['b']);
  });
  it('forget the oldest beyond 200', () => {
    const many = Array.from({ length: 200 }, (_, n) => `i${n}`);
    expect(changed(many, 'new', true)).toEqual([...many.slice(1), 'new']);
  });
  it('are none where the stored text is something else', () => {
    for (const text of [null, '', '{', '{"a":1}']) expect(parseIds(text)).toEqual([]);
    expect(parseIds('["a",1]')).toEqual(['a']);
  });
});

describe('a draft', () => {
  it('comes back as it was saved', () => {
    const draft = { reason: 'Quầy trống', conclusion: 'rectify', savedAtMs: 5 };
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  });
  it('is empty where the stored text is something else', () => {
    const empty = { reason: '', conclusion: null, savedAtMs: null };
    for (const text of [null, 'x', '{}', '{"reason":1,"savedAtMs":1}']) expect(parseDraft(text)).toEqual(empty);
    expect(parseDraft('{"reason":"a","conclusion":"fired","savedAtMs":1}').conclusion).toBeNull();
  });
});

it('a step needs a reason when it ends the case, and a conclusion needs its kind', () => {
  const blank = { reason: ' ', conclusion: null };
  expect([...missingOf('verify', blank)]).toEqual([]);
  expect([...missingOf('dismiss', blank)]).toEqual(['reason']);
  expect([...missingOf('conclude', blank)]).toEqual(['reason', 'conclusion']);
  expect([...missingOf('conclude', { reason: 'a', conclusion: 'reminder' })]).toEqual([]);
});

it('says a span in the unit that fits it', () => {
  expect(spanOf(59_999)).toEqual({ unit: 'now', count: 0 });
  expect(spanOf(90_000)).toEqual({ unit: 'minutes', count: 2 });
  expect(spanOf(5_400_000)).toEqual({ unit: 'hours', count: 2 });
  expect(spanOf(3 * 86_400_000)).toEqual({ unit: 'days', count: 3 });
});
