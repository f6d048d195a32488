import {
  comment,
  commentList,
  createCommentRequest,
  savedFilter,
  savedFilterList,
} from '../../../server/contracts/incident-work.ts';
import type { Role } from '../../../server/contracts/roles.ts';
import {
  blindCase,
  secondJudgement,
  secondJudgementRequest,
  secondReadingList,
} from '../../../server/contracts/second-readings.ts';
import type { ApiClient } from '../api-client.ts';
import { cases, comments, reader, sharedFilter } from './demo-city.ts';

interface Around {
  as: (role: Role, unit: string) => Promise<ApiClient>;
  /** The id of a case by its place in `cases`. */
  idOf: (place: number) => string;
  signal: AbortSignal;
}

/** What the offices do around the cases: talk, a filter for all, one second reading (the others wait). What is there already stays as it is. */
export async function workAroundCases({ as, idOf, signal }: Around): Promise<void> {
  const fresh = new Map<number, boolean>();
  for (const { of, by, text, mentions } of comments) {
    const client = await as(by, '');
    const address = `/api/incidents/${idOf(of)}/comments`;
    if (!fresh.has(of)) fresh.set(of, (await client.call(commentList, 'GET', address, { signal })).items.length === 0);
    if (!fresh.get(of)) continue;
    const body = createCommentRequest.parse({ text, mentions: mentions.map((role) => ({ role })) });
    await client.call(comment, 'POST', address, { body, signal });
  }

  const owner = await as(sharedFilter.by, '');
  const known = await owner.call(savedFilterList, 'GET', '/api/incident-filters', { signal });
  if (!known.items.some(({ name }) => name === sharedFilter.name)) {
    const { name, query } = sharedFilter;
    await owner.call(savedFilter, 'POST', '/api/incident-filters', { body: { name, query, shared: true }, signal });
  }
  await readOne(await as(reader.by, ''), signal);
}

async function readOne(client: ApiClient, signal: AbortSignal): Promise<void> {
  const { open, done } = await client.call(secondReadingList, 'GET', '/api/second-readings', { signal });
  const [first] = open;
  if (done.length > 0 || first === undefined) return;
  const address = `/api/second-readings/${first.id}`;
  const { finding } = await client.call(blindCase, 'GET', address, { signal });
  const found = cases.find(({ note }) => note === finding);
  if (found === undefined) throw new Error('the demo has no case with the finding that is to be read');
  const body = secondJudgementRequest.parse({ ...reader.judgement, category: found.category });
  await client.call(secondJudgement, 'POST', address, { body, signal });
}
