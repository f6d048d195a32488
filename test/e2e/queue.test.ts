import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type Incident, incident } from '../../server/contracts/incidents.ts';
import queue from '../../web/locales/vi/queue.json' with { type: 'json' };
import { launchChromium, type VideoLike } from '../support/console-page.ts';
import { QueuePage } from './pages/queue-page.ts';
import { clientAs, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const patient = { timeout: 30_000 };
/** A word that no other case has. */
const word = 'hangdoi';

/** Three cases, the oldest first. */
async function flagged(): Promise<Incident[]> {
  const client = await clientAs('inspector');
  const cameraId = inject('city').cameras.find(({ unit }) => unit === 'hong-ha')!.id;
  const now = Date.now();
  const made: Incident[] = [];
  for (const nth of [1, 2, 3]) {
    const atMs = now - 1_000 + nth * 300;
    const body = { cameraId, category: 'TN01', fromMs: atMs - 2_000, toMs: atMs + 500, atMs, note: `${word} ${nth}` };
    made.push(await client.call(incident, 'POST', '/api/incidents', { body }));
  }
  for (const { id } of made) {
    // Of a product that has just begun the first of it may be missing.
    const footage = async () => (await client.call(incident, 'GET', `/api/incidents/${id}`)).footage;
    await expect.poll(footage, patient).toMatchObject({ pending: false, recorded: [expect.anything()] });
  }
  client.close();
  return made;
}

/** A still of the last seconds is answered so until it is taken. */
const stillPending = /503.*\/still\.jpg/;

it('a queue is decided on by keys alone, and many cases are given to somebody at once, each told by itself', async () => {
  const cases = await flagged();
  const [first, second, third] = [...cases].reverse();
  if (first === undefined || second === undefined || third === undefined) throw new Error('three cases');
  const { page, leave } = await visitAs(browser, 'home_affairs', `/incidents?q=${word}`, [stillPending]);
  const view = new QueuePage(page);
  await expect.poll(() => view.rows.count(), patient).toBe(3);
  // What was searched for is marked in the note, which is quoted for it.
  expect(await view.marks.first().textContent()).toBe(word);

  await view.press('r');
  await view.stage(first.number).waitFor(patient);
  expect(await view.place.textContent()).toContain('1 / 3');
  // The clip plays by itself.
  const moment = () => view.clip.evaluate((video) => Number((video as unknown as VideoLike).dataset.mediaTimeMs));
  await expect.poll(moment, patient).toBeGreaterThan(first.fromMs);
  expect(await view.focusIsSeen()).toBe(true);
  await view.press('v');

  await view.stage(second.number).waitFor(patient);
  expect(await view.place.textContent()).toContain('2 / 3');
  // Back and forth decides nothing.
  await view.press('k');
  await view.stage(first.number).waitFor(patient);
  await view.press('j');
  await view.stage(second.number).waitFor(patient);
  await view.press('d', '3');
  await view.form('dismiss').getByText(second.number).waitFor();
  expect(await view.focusIsSeen()).toBe(true);
  await view.press('Enter');

  await view.stage(third.number).waitFor(patient);
  expect(await view.focusIsSeen()).toBe(true);
  await view.press('c');
  await view.form('correct').waitFor();
  await view.type('tp02');
  await view.press('Enter');
  await view.form('correct').waitFor({ state: 'detached', ...patient });
  await view.press('v');
  await view.finished.waitFor(patient);
  expect(await view.finished.textContent()).toContain('2 nhận xác minh, 1 không vi phạm');

  const client = await clientAs('inspector');
  const now = await Promise.all(cases.map(({ id }) => client.call(incident, 'GET', `/api/incidents/${id}`)));
  client.close();
  expect(now.map(({ state, category }) => [state, category])).toEqual([
    ['verifying', 'TP02'],
    ['no_violation', 'TN01'],
    ['verifying', 'TN01'],
  ]);
  expect(now[1]?.history.at(-1)?.reason).toBe(queue.review.reason[3]);

  await page.goto(`${inject('city').url}/incidents?tab=all&q=${word}`);
  await expect.poll(() => view.rows.count(), patient).toBe(3);
  await view.press('j', 'Space', 'j', 'j', 'Shift+Space');
  await expect.poll(() => view.ticked.count()).toBe(3);
  await view.assign('Thanh tra', 'Phụ trách tuần này.');
  await expect.poll(() => view.results.count(), patient).toBe(3);
  expect(await view.results.first().textContent()).toContain(queue.bulk.refusal.step_out_of_order);
  expect(await view.results.last().textContent()).toContain(queue.bulk.oneDone);
  await leave();
});
