import { describe, expect, it } from 'vitest';
import { filterOf, isFiltered, overdueHead, parseAddress, withoutFilters, writeAddress } from './list-address.ts';

const read = (query: string) => parseAddress(new URLSearchParams(query));
/** 24/11/2026 09:42 in Việt Nam. */
const now = Date.UTC(2026, 10, 24, 2, 42);

describe('the address of the list', () => {
  it('means the open cases, newest first, as a list, when it says nothing', () => {
    expect(filterOf(read(''), now)).toEqual({ open: true, sort: 'newest' });
    expect(read('').view).toBe('list');
  });

  it('is written as it was read', () => {
    const query =
      'tab=all&view=board&q=quầy&unit=hong-ha,cao-xanh&category=TN01&severity=2,3&state=verifying&period=30&sort=due';
    expect(decodeURIComponent(writeAddress(read(query)).toString())).toBe(query);
  });

  it('says nothing of what is meant anyway', () => {
    expect(writeAddress(read('tab=open&sort=newest&view=list')).toString()).toBe('');
  });

  it('leaves out what makes no sense', () => {
    const odd = read(
      'tab=mine&view=x&unit=A B,ok,ok&category=tn01,TN01&severity=9,1&state=closed,flagged&period=31&sort=up',
    );
    expect(odd).toMatchObject({ tab: 'open', view: 'list', unit: ['ok'], category: ['TN01'], severity: ['1'] });
    expect(odd).toMatchObject({ state: ['flagged'], period: null, sort: 'newest' });
  });

  it('drops states that the tab cannot hold', () => {
    expect(read('state=concluded,flagged').state).toEqual(['flagged']);
    expect(writeAddress({ ...read('tab=all&state=concluded'), tab: 'open' }).toString()).toBe('');
  });

  it('knows whether it narrows the tab, and how to widen it again', () => {
    expect(isFiltered(read('tab=all&sort=due&view=board'))).toBe(false);
    for (const one of ['q=a', 'unit=a', 'category=TN01', 'severity=1', 'state=flagged', 'period=7']) {
      expect(isFiltered(read(one)), one).toBe(true);
      expect(isFiltered(withoutFilters(read(one))), one).toBe(false);
    }
  });
});

describe('what is asked of the server', () => {
  it('follows the tab', () => {
    expect(filterOf(read('tab=overdue&sort=newest'), now)).toEqual({ open: true, sort: 'due' });
    expect(filterOf(read('tab=concluded&sort=due'), now)).toEqual({ state: ['concluded'], sort: 'due' });
    expect(filterOf(read('tab=all'), now)).toEqual({ sort: 'newest' });
  });

  it('counts a period in whole days of Việt Nam, today included', () => {
    expect(filterOf(read('period=1'), now).from).toBe(Date.UTC(2026, 10, 23, 17));
    expect(filterOf(read('period=7'), now).from).toBe(Date.UTC(2026, 10, 17, 17));
    expect(filterOf(read('period=7'), now + 3_600_000).from).toBe(filterOf(read('period=7'), now).from);
  });

  it('carries every filter', () => {
    expect(filterOf(read('tab=all&q= a &unit=u&category=TN01&severity=3,1&state=concluded'), now)).toEqual({
      sort: 'newest',
      q: 'a',
      unit: ['u'],
      category: ['TN01'],
      severity: [1, 3],
      state: ['concluded'],
    });
  });
});

describe('overdue cases', () => {
  const due = (...terms: (number | null)[]) => terms.map((dueAtMs) => ({ dueAtMs }));
  it('are the head of those sorted by term', () => {
    expect(overdueHead(due(1, 5, 10, 20, null), 10)).toEqual({ items: due(1, 5), more: false });
  });
  it('may go on, on the next page, as long as a page holds nothing else', () => {
    expect(overdueHead(due(1, 5), 10)).toEqual({ items: due(1, 5), more: true });
    expect(overdueHead(due(10), 10)).toEqual({ items: [], more: false });
  });
});
