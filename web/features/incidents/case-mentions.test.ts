import { describe, expect, it } from 'vitest';
import { insertMention, mentionAt, mentionOptions, mentionsIn, runsOf, suggestMentions } from './case-mentions.ts';

const names: Record<string, string> = {
  home_affairs: 'Phòng Nội vụ',
  inspector: 'Phòng Thanh tra',
  leader: 'Lãnh đạo',
};
const options = mentionOptions(
  {
    roles: ['leader', 'home_affairs', 'inspector'],
    people: [
      { userId: 'p1', name: 'Trần Hà', role: 'inspector' },
      { userId: 'p2', name: 'Trần Hà My', role: 'home_affairs' },
    ],
  },
  (role) => names[role] ?? role,
);

describe('a mention', () => {
  it('begins with an @ at the start of a word and ends at the caret', () => {
    expect(mentionAt('Nhờ @tran', 9)).toEqual({ at: 4, query: 'tran' });
    expect(mentionAt('@', 1)).toEqual({ at: 0, query: '' });
    expect(mentionAt('a@b.vn', 6)).toBeNull();
    expect(mentionAt('@Trần Hà\nxem', 12)).toBeNull();
    expect(mentionAt('xem', 3)).toBeNull();
  });

  it('is found by letters without diacritics: names that begin so first, offices before people, then by the office', () => {
    const found = (query: string) => suggestMentions(options, query).map(({ label }) => label);
    expect(found('tran')).toEqual(['Trần Hà', 'Trần Hà My']);
    expect(found('thanh tra')).toEqual(['Phòng Thanh tra', 'Trần Hà']);
    expect(found('my')).toEqual(['Trần Hà My']);
    expect(found('p')).toEqual(['Phòng Nội vụ', 'Phòng Thanh tra', 'Trần Hà', 'Trần Hà My']);
    expect(found('')).toHaveLength(5);
    expect(found('ai đó xem giúp')).toEqual([]);
  });

  it('takes the place of what was typed', () => {
    expect(insertMention('Nhờ @tr xem', 4, 7, 'Trần Hà')).toEqual({ text: 'Nhờ @Trần Hà xem', caret: 13 });
  });

  it('counts as long as its name stands in the text, the longer name before the shorter', () => {
    expect(mentionsIn('@Trần Hà My và @Phòng Nội vụ', options)).toEqual([{ role: 'home_affairs' }, { userId: 'p2' }]);
    expect(mentionsIn('Trần Hà', options)).toEqual([]);
    expect(runsOf('a @Trần Hà, b', ['Trần Hà'])).toEqual([
      { at: 0, text: 'a ', mention: false },
      { at: 2, text: '@Trần Hà', mention: true },
      { at: 10, text: ', b', mention: false },
    ]);
  });
});
