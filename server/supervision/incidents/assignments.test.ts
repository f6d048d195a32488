import { expect, test } from 'vitest';
import { people } from '../../../test/support/incident-work.ts';
import { assignManyRequest } from '../../contracts/incident-work.ts';
import { AppError } from '../../platform/errors.ts';
import { assignMany } from './assignments.ts';

const { office } = people;
const request = (ids: string[]) =>
  assignManyRequest.parse({
    items: ids.map((id, i) => ({ id, version: i + 1 })),
    assigneeId: 'minh',
    reason: 'chia việc',
  });

test('each case is assigned by the step itself, and a refusal of one keeps none of the others from it', async () => {
  const asked: unknown[] = [];
  const answer = await assignMany(office, request(['a', 'b', 'c']), '10.0.0.7', async (actor, id, step, address) => {
    asked.push([actor.userId, id, step, address]);
    if (id === 'b') throw new AppError('conflict', 'version_conflict');
    return { version: step.version + 1 };
  });
  expect(asked).toEqual([
    ['binh', 'a', { version: 1, assigneeId: 'minh', reason: 'chia việc' }, '10.0.0.7'],
    ['binh', 'b', { version: 2, assigneeId: 'minh', reason: 'chia việc' }, '10.0.0.7'],
    ['binh', 'c', { version: 3, assigneeId: 'minh', reason: 'chia việc' }, '10.0.0.7'],
  ]);
  expect(answer.items).toEqual([
    { id: 'a', done: true, version: 2, refusal: null },
    { id: 'b', done: false, version: null, refusal: 'version_conflict' },
    { id: 'c', done: true, version: 4, refusal: null },
  ]);
});

test('a case is named once, at most 200 of them, and a defect is no refusal', async () => {
  expect(() => request(['a', 'a'])).toThrow();
  expect(() => request(Array.from({ length: 201 }, (_, i) => `c-${i}`))).toThrow();
  const broken = assignMany(office, request(['a']), '', () => Promise.reject(new TypeError('defect')));
  await expect(broken).rejects.toThrow('defect');
});
