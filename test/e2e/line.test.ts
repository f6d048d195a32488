import type { Browser, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/console-page.ts';
import { visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it('says that the server is gone when it closes the line, and comes back by itself', async () => {
  const { page, leave } = await visitAs(browser, 'leader');
  const lines: WebSocketRoute[] = [];
  const heard: (string | Buffer)[] = [];
  await page.routeWebSocket(/\/socket\.io\//, (line) => {
    lines.push(line);
    const server = line.connectToServer();
    server.onMessage((message) => {
      heard.push(message);
      line.send(message);
    });
  });
  // "40" is socket.io's packet CONNECT, answered when the server has let the line in; "41" is DISCONNECT, sent by a server that stops.
  const admitted = () => heard.filter((message) => String(message).startsWith('40')).length;
  await page.goto(`${inject('city').url}/wall`);
  await expect.poll(admitted, { timeout: 30_000 }).toBe(1);
  lines[0]?.send('41');
  await lines[0]?.close();
  await page.getByText('Mất kết nối máy chủ', { exact: true }).waitFor();
  await page.getByText('chưa rõ camera còn ghi hình').waitFor();
  await expect.poll(admitted, { timeout: 30_000 }).toBe(2);
  await page.getByText('Mất kết nối máy chủ').first().waitFor({ state: 'detached' });
  await leave();
});
