import { expect, it } from 'vitest';
import { leafPaths } from './action-words.ts';

it('the words of the log name actions by the path that leads to them', () => {
  expect(leafPaths({ session: { created: 'Đăng nhập', ended: 'Đăng xuất' }, x: 'y' })).toEqual([
    'session.created',
    'session.ended',
    'x',
  ]);
});
