import type { CDPSession, Page } from 'playwright-core';

export type PageMemory = { heapBytes: number; nodes: number; listeners: number };

/** What the page holds after it was asked to let go of all that it can. */
export async function memoryOf(session: CDPSession): Promise<PageMemory> {
  for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { heapBytes: usedSize, nodes, listeners: jsEventListeners };
}

/** Opens the wall that the page shows, sees all its tiles live and leaves it for another screen, without loading the page anew. */
export async function openAndLeave(page: Page, wall: string, tiles: number): Promise<void> {
  const go = (address: string) =>
    page.evaluate(
      `history.pushState(null, '', '${address}'); dispatchEvent(new PopStateEvent('popstate', { state: null }))`,
    );
  await go(wall);
  const live = `document.querySelectorAll('[data-testid=tile][data-state=live]').length === ${tiles}`;
  await page.waitForFunction(live, undefined, { timeout: 60_000 });
  await go('/overview');
  await page.waitForFunction('document.querySelectorAll("video").length === 0');
}

/** How much more the page holds after so many further visits to the wall than after the first `warm` ones. */
export async function growthOfVisits(page: Page, tiles: number, visits: number, warm: number): Promise<PageMemory> {
  const session = await page.context().newCDPSession(page);
  const { pathname, search } = new URL(page.url());
  const visit = () => openAndLeave(page, pathname + search, tiles);
  for (let i = 0; i < warm; i += 1) await visit();
  const first = await memoryOf(session);
  for (let i = 0; i < visits; i += 1) await visit();
  const last = await memoryOf(session);
  await session.detach();
  return {
    heapBytes: last.heapBytes - first.heapBytes,
    nodes: last.nodes - first.nodes,
    listeners: last.listeners - first.listeners,
  };
}
