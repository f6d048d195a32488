import { describe, expect, it } from 'vitest';
import { incidentQuery } from '../../../server/contracts/incidents.ts';
import {
  addressOf,
  filterOf,
  isFiltered,
  LIST_KEYS,
  parametersOf,
  parseAddress,
  SINGLE_KEYS,
  withoutFilters,
  writeAddress,
} from './list-address.ts';

const read = (query: string) => parseAddress(new URLSearchParams(query));

describe('the address of the list', () => {
  it('means the open cases, newest first, as a list, when it says nothing', () => {
    expect(filterOf(read(''))).toEqual({ open: 'true', sort: 'newest' });
    expect(read('').view).toBe('list');
  });

  it('is written as it was read', () => {
    const query =
      'tab=all&view=board&q=quầy&unit=hong-ha,cao-xanh&category=TN01&severity=2,3&state=verifying&due=soon,overdue&days=30&assignee=me&sort=due';
    expect(decodeURIComponent(writeAddress(read(query)).toString())).toBe(query);
  });

  it('says nothing of what is meant anyway', () => {
    expect(writeAddress(read('tab=open&sort=newest&view=list')).toString()).toBe('');
  });

  it('leaves out what makes no sense', () => {
    const odd = read(
      'tab=x&view=x&unit=A B,ok,ok&category=tn01,TN01&severity=9,1&state=odd,flagged&days=400&sort=up&from=x&watching=1&due=late',
    );
    expect(odd).toMatchObject({ tab: 'open', view: 'list', unit: ['ok'], category: ['TN01'], severity: ['1'] });
    expect(odd).toMatchObject({ state: ['flagged'], days: null, sort: 'newest', from: null, watching: null, due: [] });
  });

  it('drops states that the tab cannot hold, and means all cases by a state that no open one has', () => {
    expect(read('tab=open&state=concluded,flagged').state).toEqual(['flagged']);
    expect(read('state=concluded,flagged')).toMatchObject({ tab: 'all', state: ['flagged', 'concluded'].reverse() });
    expect(writeAddress({ ...read('tab=all&state=concluded'), tab: 'open' }).toString()).toBe('');
  });

  it('knows whether it narrows the tab, and how to widen it again', () => {
    expect(isFiltered(read('tab=all&sort=due&view=board'))).toBe(false);
    for (const one of ['q=a', 'unit=a', 'category=TN01', 'severity=1', 'state=flagged', 'days=7', 'mentioned=true']) {
      expect(isFiltered(read(one)), one).toBe(true);
      expect(isFiltered(withoutFilters(read(one))), one).toBe(false);
    }
  });

  it('has every filter of the list', () => {
    const elsewhere = ['q', 'open', 'overdue', 'sort', 'cursor', 'limit'];
    const known = [...LIST_KEYS, ...SINGLE_KEYS, ...elsewhere];
    expect(incidentQuery.keyof().options.filter((key) => !known.includes(key))).toEqual([]);
  });
});

describe('what is asked of the server', () => {
  it('follows the tab', () => {
    expect(filterOf(read('tab=mine'))).toEqual({ open: 'true', assignee: 'me', sort: 'newest' });
    expect(filterOf(read('tab=overdue&sort=newest'))).toEqual({ overdue: 'true', sort: 'due' });
    expect(filterOf(read('tab=concluded&sort=due'))).toEqual({ state: 'concluded', sort: 'due' });
    expect(filterOf(read('tab=all'))).toEqual({ sort: 'newest' });
  });

  it('is a question that the server understands, with every filter', () => {
    const asked = parametersOf(read('tab=all&q= a &unit=u&severity=3,1&state=concluded&days=7&left=flagged&term=late'));
    expect(incidentQuery.parse(asked)).toMatchObject({
      q: 'a',
      unit: ['u'],
      severity: [3, 1],
      state: ['concluded'],
      days: 7,
      left: 'flagged',
      term: 'late',
    });
  });

  it.each<Record<string, string>>([
    {},
    { open: 'true' },
    { open: 'true', assignee: 'me', days: '7' },
    { overdue: 'true', unit: 'hong-ha' },
    { due: 'overdue' },
    { state: 'verifying' },
    { state: 'concluded' },
    { state: 'no_violation', from: '1790000000000', to: '1800000000000' },
    { open: 'true', severity: '3' },
    { open: 'true', createdFrom: '1790000000000', createdTo: '1800000000000' },
    { left: 'verifying', office: 'home_affairs', term: 'late' },
    { violation: 'true', unit: 'a,b' },
    { readAgain: 'agreed,disagreed', category: 'TN01' },
    { assignee: 'me' },
  ])('is the same when it comes from a saved filter or a number: %j', (query) => {
    const { sort: _sort, ...asked } = parametersOf(parseAddress(writeAddress(addressOf(query))));
    expect(asked).toEqual(query);
  });
});
