import { expect, it } from 'vitest';
import { placeBeside } from './use-beside.ts';

const desk = { width: 1440, height: 900 };

it.each([
  ['at the right of the tile', { left: 330, right: 696, top: 100 }, { left: 702, top: 100 }],
  ['at the left where the right has no room', { left: 1070, right: 1436, top: 100 }, { left: 708, top: 100 }],
  ['at the edge where neither has', { left: 330, right: 1436, top: 100 }, { left: 1076, top: 100 }],
  ['never below the window', { left: 330, right: 696, top: 520 }, { left: 702, top: 442 }],
])('the card stands %s', (_rule, anchor, expected) => {
  expect(placeBeside(anchor, 450, desk)).toEqual(expected);
});

it('is a sheet from below on a phone', () => {
  expect(placeBeside({ left: 0, right: 390, top: 100 }, 450, { width: 390, height: 844 })).toBe('sheet');
});
