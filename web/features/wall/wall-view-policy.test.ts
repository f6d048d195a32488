import { describe, expect, it } from 'vitest';
import { movedTo, sizedTo } from './free-wall-policy.ts';
import {
  added,
  clear,
  contentOf,
  defaultView,
  fromSaved,
  layoutFor,
  neighbour,
  pagesOf,
  parseView,
  place,
  resize,
  sameView,
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
    expect(neighbour({ layout, cameras: [] }, from, direction)).toBe(to);
  });
});

describe('a free wall', () => {
  const free = resize(defaultView(['a', 'b', 'c', 'd'], 4), 'free', 0, []);

  it('begins with the tiles where they were', () => {
    expect(free.cells?.[3]).toEqual({ column: 6, row: 6, columns: 6, rows: 6 });
    expect(shown(free)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('survives the address and being saved', () => {
    const { layout, cameras, cells = null } = viewQuery(free);
    expect(parseView(layout, cameras, cells)).toEqual(free);
    expect(sameView(fromSaved(contentOf(free)), free)).toBe(true);
  });

  it.each(['0.0.6.6,5.0.6.6,0.6.6.6,6.6.6.6', '0.0.13.6,0.6.6.6', 'x', ''])(
    'an address with the cells %s is no free wall',
    (cells) => {
      expect(parseView('free', 'a,b', cells)?.layout).toBe(4);
    },
  );

  it('tiles never lie on one another', () => {
    const cells = free.cells ?? [];
    expect(movedTo(cells, 0, 3, 0)).toBe(cells);
    expect(sizedTo(cells, 0, 7, 6)).toBe(cells);
    const small = sizedTo(cells, 3, 3, 3);
    expect(small[3]).toEqual({ column: 6, row: 6, columns: 3, rows: 3 });
    expect(movedTo(small, 3, 40, 40)[3]).toEqual({ column: 9, row: 9, columns: 3, rows: 3 });
  });

  it('a removed tile leaves room for another one', () => {
    const three = clear(free, 1);
    expect(shown(three)).toEqual(['a', 'c', 'd']);
    const { view, tile } = added(three, 0, 'z');
    expect([tile, view.cells?.[3]]).toEqual([3, { column: 6, row: 0, columns: 4, rows: 4 }]);
    expect(shown(view)).toEqual(['a', 'c', 'd', 'z']);
  });
});

it('a patrol turns through all cameras, a page as large as the layout', () => {
  expect(pagesOf(['a', 'b', 'c', 'd', 'e'], { layout: 4, cameras: [] }).map(shown)).toEqual([
    ['a', 'b', 'c', 'd'],
    ['e', null, null, null],
  ]);
});
