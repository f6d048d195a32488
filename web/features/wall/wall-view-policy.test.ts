import { describe, expect, it } from 'vitest';
import {
  clear,
  defaultView,
  layoutFor,
  neighbour,
  parseView,
  place,
  resize,
  shown,
  tileFor,
  viewQuery,
} from './wall-view-policy.ts';

describe('a view in the address', () => {
  it('survives being written and read, empty tiles included', () => {
    const view = { layout: 9, cameras: ['a', null, 'c'] } as const;
    expect(viewQuery(view)).toEqual({ layout: '9', cameras: 'a,,c' });
    expect(parseView('9', 'a,,c')).toEqual(view);
  });

  it.each([
    ['no cameras is no view', '9', null, null],
    ['only nonsense is no view', '9', '../etc,', null],
    ['a camera stands once', '4', 'a,b,a', { layout: 4, cameras: ['a', 'b', null] }],
    ['an unknown layout becomes the smallest that fits', '7', 'a,b,c', { layout: 4, cameras: ['a', 'b', 'c'] }],
  ])('%s', (_rule, layout, cameras, expected) => {
    expect(parseView(layout, cameras)).toEqual(expected);
  });

  it('the smallest layout that holds them', () => {
    expect([1, 2, 5, 7, 10, 40].map(layoutFor)).toEqual([1, 4, 6, 9, 16, 16]);
  });
});

describe('cameras on tiles', () => {
  const view = defaultView(['a', 'b', 'c'], 4);

  it('the first cameras fill the tiles, the rest stay empty', () => {
    expect(shown(view)).toEqual(['a', 'b', 'c', null]);
  });

  it('a camera that is shown already changes places', () => {
    expect(shown(place(view, 2, 'a'))).toEqual(['c', 'b', 'a', null]);
    expect(shown(place(view, 3, 'a'))).toEqual([null, 'b', 'c', 'a']);
  });

  it('a new one replaces what was there', () => {
    expect(shown(place(view, 0, 'z'))).toEqual(['z', 'b', 'c', null]);
    expect(shown(clear(view, 1))).toEqual(['a', null, 'c', null]);
  });

  it('a click fills an empty tile before it replaces a picture', () => {
    expect(tileFor(view, 0)).toBe(3);
    expect(tileFor(place(view, 3, 'd'), 1)).toBe(1);
  });

  it('fewer tiles keep the selected camera, and the others come back with more', () => {
    const one = resize(view, 1, 2, []);
    expect(shown(one)).toEqual(['c']);
    expect(shown(resize(one, 4, 0, []))).toEqual(['c', 'b', 'a', null]);
  });

  it('more tiles are filled with cameras that are not shown yet', () => {
    expect(shown(resize(view, 6, 0, ['a', 'b', 'c', 'd', 'e']))).toEqual(['a', 'b', 'c', 'd', 'e', null]);
  });
});

describe('arrows', () => {
  it.each([
    [9, 4, 'left', 3],
    [9, 4, 'up', 1],
    [9, 2, 'right', 2],
    [9, 8, 'down', 8],
    [6, 0, 'right', 1],
    [6, 0, 'down', 3],
    [6, 2, 'left', 0],
    [6, 5, 'up', 2],
    [6, 4, 'up', 0],
    [1, 0, 'left', 0],
  ] as const)('of %d tiles, from %d to the %s is %d', (layout, from, direction, to) => {
    expect(neighbour(layout, from, direction)).toBe(to);
  });
});
