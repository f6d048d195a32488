import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { incidentPage } from '../../server/contracts/incidents.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { ApiClient } from './api-client.ts';
import { repository } from './console-build.ts';
import { type Demo, DemoFile } from './demo/demo-file.ts';
import { accountOf } from './demo/prepare-city.ts';
import { until } from './until.ts';

/**
 * `scripts/screenshots [--data DIR]`: the pictures of the README, from a demo that runs over DIR, or from one that is
 * started for them.
 */
const viewport = { width: 1440, height: 900 };
const pictures = join(repository, 'docs/images');

async function startDemo(dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(repository, 'scripts/commands/run.ts'), '--demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LIENTHONG_DATA_DIR: dataDir, LIENTHONG_PORT: '0' },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`the demo ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve();
      else process.stderr.write(`${line}\n`);
    });
  });
  return child;
}

async function stopDemo(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function pageAs(browser: Browser, demo: Demo, role: Role): Promise<Page> {
  const context = await browser.newContext({
    // On this machine, by an address out of the demo's own file.
    ignoreHTTPSErrors: true,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    viewport,
  });
  const page = await context.newPage();
  const { username, password } = accountOf(demo, role);
  await page.goto(demo.url);
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('navigation').first().waitFor();
  return page;
}

/** The console's policy lets no page evaluate text, `waitForFunction` included; from outside it may be asked. */
async function untilTrue(page: Page, expression: string): Promise<void> {
  await until(expression, async () => ((await page.evaluate(expression)) === true ? true : null), {
    timeoutMs: 60_000,
  });
}

/** Stills and videos have something to show, and fonts are there. */
async function untilDrawn(page: Page): Promise<void> {
  await untilTrue(page, '[...document.images].every((image) => image.complete) && document.fonts.status === "loaded"');
}

async function takeWall(browser: Browser, demo: Demo): Promise<void> {
  const page = await pageAs(browser, demo, 'home_affairs');
  await page.goto(`${demo.url}/wall?layout=9`);
  await page.locator('[data-testid=tile]').first().waitFor();
  await untilTrue(
    page,
    '[...document.querySelectorAll("[data-testid=tile]")].every((tile) => tile.dataset.state === "live")',
  );
  await untilDrawn(page);
  await page.screenshot({ path: join(pictures, 'wall.png') });
  await page.context().close();
}

async function takeIncident(browser: Browser, demo: Demo, dataDir: string): Promise<void> {
  const client = await ApiClient.of(demo.url, dataDir);
  const { username, password } = accountOf(demo, 'home_affairs');
  await client.signIn(username, password);
  const { items } = await client.call(incidentPage, 'GET', '/api/incidents?state=awaiting_conclusion');
  client.close();
  // Somebody else flagged it: so the form of the next step is on the page.
  const shown = items.find(({ flaggedBy }) => flaggedBy?.role !== 'home_affairs') ?? items[0];
  if (shown === undefined) throw new Error('the demo has no case that awaits its conclusion');
  const page = await pageAs(browser, demo, 'home_affairs');
  await page.goto(`${demo.url}/incidents/${shown.id}`);
  await page.getByTestId('clip-video').waitFor({ state: 'attached' });
  await untilDrawn(page);
  await page.screenshot({ path: join(pictures, 'incident.png') });
  await page.context().close();
}

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const own = values.data === undefined ? await mkdtemp(join(tmpdir(), 'lienthong-screenshots-')) : null;
const dataDir = values.data ?? own ?? '';
const running = own === null ? null : await startDemo(own);
try {
  const demo = await new DemoFile(dataDir).read();
  if (demo === null) throw new Error(`${dataDir} holds no demo`);
  await mkdir(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    await takeWall(browser, demo);
    await takeIncident(browser, demo, dataDir);
  } finally {
    await browser.close();
  }
  console.log(`wrote ${pictures}/wall.png and incident.png`);
} finally {
  if (running) await stopDemo(running);
  if (own !== null) await rm(own, { recursive: true, force: true });
}
