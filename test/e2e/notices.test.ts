import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { incident } from '../../server/contracts/incidents.ts';
import { launchChromium } from '../support/console-page.ts';
import { NoticeBell } from './pages/notice-bell.ts';
import { clientAs, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it('a flag rings the bell of the offices in every window; to open its notice leads to the case, and reads it in all', async () => {
  const [first, second] = await Promise.all([
    visitAs(browser, 'home_affairs', '/incidents'),
    visitAs(browser, 'home_affairs', '/notices/settings'),
  ]);
  const bells = [new NoticeBell(first.page), new NoticeBell(second.page)] as const;
  await bells[0].button.click();
  await bells[0].panel.waitFor();
  // What is unread is joined by what comes close after it; read, it stays alone.
  if ((await bells[0].unread()) > 0) await bells[0].readAll.click();
  for (const bell of bells) await expect.poll(() => bell.unread()).toBe(0);

  const client = await clientAs('inspector');
  const cameraId = inject('city').cameras[0]?.id;
  const now = Date.now();
  const body = { cameraId, category: 'TP01', fromMs: now - 5_000, toMs: now };
  const { id, number } = await client.call(incident, 'POST', '/api/incidents', { body });
  client.close();
  await bells[0].entry(number).waitFor();
  for (const bell of bells) await expect.poll(() => bell.unread()).toBe(1);
  await bells[0].entry(number).getByRole('link').click();
  await first.page.waitForURL(`**/incidents/${id}`);
  await expect.poll(() => bells[1].unread()).toBe(0);
  await Promise.all([first.leave(), second.leave()]);
});
