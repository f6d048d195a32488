import type { CDPSession, Page } from 'playwright-core';

export type PageMemory = { heapBytes: number; nodes: number; listeners: number };

/** What the page holds after it was asked to let go of all that it can. */
export async function memoryOf(session: CDPSession): Promise<PageMemory> {
  for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { heapBytes: usedSize, nodes, listeners: jsEventListeners };
}

const elsewhere = '/overview';

/** As a link of the console does. */
function go(page: Page, address: string): Promise<unknown> {
  return page.evaluate(
    `history.pushState(null, '', '${address}'); dispatchEvent(new PopStateEvent('popstate', { state: null }))`,
  );
}

/** Opens the wall that the page shows, sees all its tiles live and leaves it for another screen, without loading the page anew. */
export async function openAndLeave(page: Page, wall: string, tiles: number): Promise<void> {
  await go(page, wall);
  const live = `document.querySelectorAll('[data-testid=tile][data-state=live]').length === ${tiles}`;
  await page.waitForFunction(live, undefined, { timeout: 60_000 });
  await go(page, elsewhere);
  await page.waitForFunction('document.querySelectorAll("video").length === 0');
}

/** How much more the page holds after so many further visits to the wall than after the first `warm` ones. */
export async function growthOfVisits(page: Page, tiles: number, visits: number, warm: number): Promise<PageMemory> {
  const session = await page.context().newCDPSession(page);
  const { pathname, search } = new URL(page.url());
  const visit = () => openAndLeave(page, pathname + search, tiles);
  const after = async (count: number) => {
    for (let i = 0; i < count; i += 1) await visit();
    // React may hold the screen that was left until it has drawn again, forwards and backwards.
    for (let i = 0; i < 2; i += 1) await go(page, elsewhere);
    return memoryOf(session);
  };
  const first = await after(warm);
  const last = await after(visits);
  await session.detach();
  return {
    heapBytes: last.heapBytes - first.heapBytes,
    nodes: last.nodes - first.nodes,
    listeners: last.listeners - first.listeners,
  };
}
