import { expect, test } from 'vitest';
import { accountOf, cast } from '../../test/support/cases.ts';
import { reachOf } from '../../test/support/supervision.ts';
import { PeopleDirectory } from './people.ts';

const gone = { ...accountOf(cast.inspector), id: 'gone', username: 'gone', disabled: true };
const people = new PeopleDirectory({ accounts: async () => [...Object.values(cast).map(accountOf), gone], reachOf });
const ids = (list: { id: string }[]) => list.map(({ id }) => id).sort();

test('who may do something in the whole city, and who for one unit; disabled accounts are nobody', async () => {
  expect(ids(await people.whoMay('verify_incident'))).toEqual(ids([cast.office, cast.inspector].map(accountOf)));
  expect(await people.whoMay('explain_incident')).toEqual([]);
  expect(ids(await people.whoMay('explain_incident', 'hong-ha'))).toEqual([cast.head.userId]);
  expect(await people.find('gone')).toBeUndefined();
  expect((await people.find(cast.leader.userId))?.name).toBe(cast.leader.name);
});

test('a superior is everybody of a role, or the one of a name', async () => {
  expect(ids(await people.named({ role: 'inspector' }))).toEqual([cast.inspector.userId]);
  expect(ids(await people.named({ username: 'Leader' }))).toEqual([cast.leader.userId]);
  expect(await people.named({ username: 'gone' })).toEqual([]);
});
