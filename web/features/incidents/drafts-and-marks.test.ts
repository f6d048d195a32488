import { describe, expect, it } from 'vitest';
import { emptyDraft, isEmptyDraft, isForgotten, parseDrafts, withStep } from './draft.ts';
import { changed, parseIds } from './unread.ts';

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
  const written = { ...emptyDraft(), reason: 'Quầy trống', conclusion: 'rectify' as const };
  it('comes back as it was saved, a step each', () => {
    const drafts = { savedAtMs: 5, steps: { conclude: written, explain: { ...emptyDraft(), reason: 'Do họp' } } };
    expect(parseDrafts(JSON.stringify(drafts))).toEqual(drafts);
  });
  it('is empty where the stored text is something else', () => {
    for (const text of [null, 'x', '{}', '{"steps":1,"savedAtMs":1}'])
      expect(parseDrafts(text)).toEqual({ savedAtMs: null, steps: {} });
    const odd = { savedAtMs: 1, steps: { conclude: { reason: 'a', conclusion: 'fired', files: 7 } } };
    expect(parseDrafts(JSON.stringify(odd)).steps.conclude).toEqual({ ...emptyDraft(), reason: 'a' });
  });
  it('is forgotten after a month', () => {
    const month = 30 * 86_400_000;
    expect(isForgotten({ savedAtMs: 1 }, 1 + month)).toBe(false);
    expect(isForgotten({ savedAtMs: 1 }, 2 + month)).toBe(true);
    expect(isForgotten({ savedAtMs: null }, month)).toBe(false);
  });
  it('goes when nothing is left in it', () => {
    const drafts = { savedAtMs: 1, steps: { conclude: written } };
    expect(withStep(drafts, 'conclude', emptyDraft())).toEqual({});
    expect(withStep(drafts, 'explain', { ...emptyDraft(), finding: '' })).toHaveProperty('explain');
    expect(isEmptyDraft(emptyDraft())).toBe(true);
  });
});
