import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Role } from '../../server/contracts/roles.ts';
import { user, userList } from '../../server/contracts/users.ts';
import { savedViewList } from '../../server/contracts/views.ts';
import { launchChromium } from '../support/console-page.ts';
import { isMoving } from '../support/ptz-status.ts';
import { SignInPage } from './pages/sign-in-page.ts';
import { WallPage } from './pages/wall-page.ts';
import { accountOf, clientAs, type Visitor, visitAs } from './visitors.ts';

let browser: Browser;
let visitor: Visitor;
let page: Page;
let wall: WallPage;
let second: Page;
const patient = { timeout: 15_000 };

// One person at one browser from the first test to the last; whoever is put out asks in vain once or twice, and loses the pictures.
beforeAll(async () => {
  browser = await launchChromium();
  visitor = await visitAs(browser, 'inspector', '/wall?layout=4', [/401/, /live\.mp4/]);
  page = visitor.page;
  wall = new WallPage(page);
});
afterAll(async () => {
  await visitor?.leave();
  await browser?.close();
});

const { cameras, head, url } = inject('city');
const dome = cameras.find(({ unit }) => unit === 'bai-chay')?.id ?? '';
const desk = cameras[0]?.id ?? '';
const moves = () => isMoving(head);
const shown = () =>
  wall.tiles.evaluateAll((tiles: { getAttribute: (name: string) => string | null }[]) =>
    tiles.map((tile) => tile.getAttribute('data-camera')),
  );
const cells = () => new URL(page.url()).searchParams.get('cells')?.split(',') ?? [];
const boxOf = async (locator: Locator) => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('not shown');
  return { ...box, midX: box.x + box.width / 2, midY: box.y + box.height / 2 };
};
const note = () => wall.flagForm.getByRole('textbox', { name: 'Ghi chú' });

it('keeps a view for a role, and opens with it', async () => {
  await wall.tiles.nth(3).waitFor();
  const before = await shown();
  await wall.tiles.first().focus();
  await page.keyboard.press('Shift+ArrowRight');
  const swapped = [before[1], before[0], before[2], before[3]];
  await expect.poll(shown, patient).toEqual(swapped);
  await page.getByRole('button', { name: 'Lưu màn hình' }).last().click();
  await page.getByLabel('Tên màn hình').fill('Buổi sáng');
  await page.getByRole('combobox', { name: 'Ai dùng được' }).click();
  await page.getByRole('option', { name: 'Vai trò Lãnh đạo' }).click();
  await page.getByTestId('view-submit').click();
  await page.getByRole('button', { name: 'Thao tác với Buổi sáng' }).click();
  await page.getByRole('menuitem', { name: 'Mở đầu tiên' }).click();
  await page.getByText('mở đầu tiên', { exact: true }).waitFor();

  const found = async (role: Role) => {
    const client = await clientAs(role);
    const { items } = await client.call(savedViewList, 'GET', '/api/views');
    client.close();
    return items.map(({ name }) => name);
  };
  expect(await Promise.all([found('leader'), found('home_affairs')])).toEqual([['Buổi sáng'], []]);

  // Neither the address nor this machine says any more what was shown.
  await page.evaluate('localStorage.clear()');
  await page.goto(`${url}/wall`);
  await expect.poll(shown, patient).toEqual(swapped);
});

it('puts a camera of the tree on the tile that it is dragged to', async () => {
  const before = await shown();
  await page.getByRole('button', { name: /Bãi Cháy/ }).click();
  // The one camera of the unit is one that can be steered, and says so.
  await page.locator('aside [draggable=true]', { hasText: 'PTZ' }).dragTo(wall.tiles.nth(2));
  await expect.poll(shown, patient).toEqual([before[0], before[1], dome, before[3]]);
});

it('has tiles of a free wall where the pointer puts them, as large as it draws them', async () => {
  await page.getByRole('button', { name: /^Tự do/ }).click();
  await expect.poll(cells, patient).toEqual(['0.0.6.6', '6.0.6.6', '0.6.6.6', '6.6.6.6']);
  const corner = page.getByRole('button', { name: /ô 2/i }).last();
  await wall.tiles.nth(1).hover();
  const from = await boxOf(corner);
  const grid = await boxOf(wall.tiles.nth(1));
  await page.mouse.move(from.midX, from.midY);
  await page.mouse.down();
  await page.mouse.move(from.midX - grid.width / 3, from.midY - grid.height / 3, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => cells()[1], patient).toBe('6.0.4.4');
  // One cell to the right and two down, held in its middle.
  const small = await boxOf(wall.tiles.nth(1));
  await page.mouse.move(small.midX, small.midY);
  await page.mouse.down();
  await page.mouse.move(small.midX + small.width / 4, small.midY + small.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => cells()[1], patient).toBe('7.2.4.4');
  await page.getByRole('button', { name: '4 ô', exact: true }).click();
});

it('turns its pages, stands still as soon as anybody touches it, and goes on when told', async () => {
  const patrol = page.getByTestId('patrol');
  await patrol.getByRole('button', { name: 'Tuần tra', exact: true }).click();
  const stands = patrol.getByRole('status');
  await expect.poll(() => stands.textContent(), patient).toBe('trang 1/2');
  // The clock that the patrol reads goes forward when told.
  await page.evaluate(`{
    const now = performance.now.bind(performance);
    window.ahead = 0;
    performance.now = () => now() + window.ahead;
  }`);
  const pass = (seconds: number) => page.evaluate(`window.ahead += ${seconds * 1_000}`);
  await pass(20);
  await expect.poll(() => stands.textContent(), patient).toBe('trang 2/2');
  await expect.poll(() => wall.tiles.count(), patient).toBe(1);
  await wall.tiles.first().click();
  await patrol.getByText('đang dừng').waitFor();
  await pass(60);
  await patrol.getByRole('button', { name: 'Tiếp tục tuần tra' }).click();
  await pass(19);
  await patrol.getByText('đổi sau 1 s').waitFor();
  expect(await stands.textContent()).toBe('trang 2/2');
  await pass(1);
  await expect.poll(() => stands.textContent(), patient).toBe('trang 1/2');
  await patrol.getByRole('button', { name: 'Thôi tuần tra' }).click();
});

it('shows in its second window pictures alone', async () => {
  [second] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Cửa sổ thứ hai' }).click(),
  ]);
  expect(new URL(second.url()).searchParams.get('bare')).toBe('1');
  const other = new WallPage(second);
  await other.tiles.nth(3).waitFor();
  for (const part of ['nav', 'header', 'aside', '[data-testid=patrol]']) {
    expect(await second.locator(part).filter({ visible: true }).count()).toBe(0);
  }
  const { width, height } = second.viewportSize() ?? { width: 0, height: 0 };
  const [first, last] = [await boxOf(other.tiles.first()), await boxOf(other.tiles.nth(3))];
  // As wide or as high as the window.
  expect(Math.min(width - (last.x + last.width - first.x), height - (last.y + last.height - first.y))).toBeLessThan(2);
});

it('enlarges a picture by the wheel under the pointer, moves it, and has it whole again', async () => {
  const tile = wall.tiles.first();
  const box = await boxOf(tile);
  const scale = () => tile.getAttribute('data-zoom');
  await page.mouse.move(box.midX, box.midY);
  await page.mouse.wheel(0, -300);
  await expect.poll(scale, patient).toBe('2');
  const before = await shown();
  await page.mouse.down();
  await page.mouse.move(box.midX + 80, box.midY + 60, { steps: 3 });
  await page.mouse.up();
  expect(await shown()).toEqual(before);
  await page.mouse.dblclick(box.midX, box.midY);
  expect(await scale()).toBe(null);
  await tile.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('+');
  await expect.poll(scale, patient).toBe('1.3');
  await page.keyboard.press('Escape');
  await expect.poll(scale, patient).toBe(null);
  // It is still enlarged: the next Esc takes that back.
  await wall.tiles.nth(1).waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await wall.tiles.nth(1).waitFor();
});

it('steers a camera by the pointer for as long as it is held down, enlarged, without the tools of the tile', async () => {
  await wall.tile(desk).focus();
  expect(await wall.tile(desk).locator('[data-tool=ptz]').count()).toBe(0);
  await wall.tile(dome).focus();
  await wall.tile(dome).locator('[data-tool=ptz]').click();
  const surface = page.locator('[data-testid=ptz] [data-ready]');
  await surface.waitFor();
  await wall.tile(desk).waitFor({ state: 'hidden' });
  expect(await wall.tile(dome).locator('[data-tool=flag]').isVisible()).toBe(false);
  const box = await boxOf(surface);
  await page.mouse.move(box.x + box.width * 0.8, box.midY);
  await page.mouse.down();
  await expect.poll(moves, patient).toBe(true);
  await page.mouse.up();
  await expect.poll(moves, patient).toBe(false);
  await surface.focus();
  await page.keyboard.down('ArrowLeft');
  await expect.poll(moves, patient).toBe(true);
  await page.evaluate('window.dispatchEvent(new Event("blur"))');
  await expect.poll(moves, patient).toBe(false);
  await page.keyboard.up('ArrowLeft');
  await page.keyboard.press('Escape');
  await wall.tile(desk).waitFor();
});

it('takes the captions of live pictures away once nobody has moved in the second window, and shows them to whoever moves', async () => {
  const opacity = () =>
    second.evaluate(
      `getComputedStyle(document.querySelector('[data-state=live]')?.lastElementChild ?? document.body).opacity`,
    );
  await expect.poll(opacity, patient).toBe('0');
  await second.mouse.move(50, 50);
  expect(await opacity()).toBe('1');
  await second.close();
});

it('stops a camera when the line or the page is lost that steers it', async () => {
  // The same session at a browser whose line can be cut alone.
  const context = await browser.newContext({
    storageState: await page.context().storageState(),
    ignoreHTTPSErrors: true,
  });
  const lost = await context.newPage();
  await lost.goto(`${url}/wall?camera=${dome}`);
  await new WallPage(lost).tile(dome).focus();
  await lost.keyboard.press('p');
  const surface = lost.locator('[data-testid=ptz] [data-ready]');
  await surface.waitFor();
  const box = await boxOf(surface);
  const hold = async (across: number) => {
    await lost.mouse.move(box.x + box.width * across, box.midY);
    await lost.mouse.down();
    await expect.poll(moves, patient).toBe(true);
  };
  // Neither says a word any more, and this camera never stops by itself: what is left is the server, a second after the last move.
  await hold(0.3);
  await context.setOffline(true);
  await expect.poll(moves, patient).toBe(false);
  await lost.mouse.up();
  await context.setOffline(false);
  await hold(0.7);
  await context.close();
  await expect.poll(moves, patient).toBe(false);
});

it('keeps a flag that is being written through a reload and a session that ends, and shows it to nobody else, also on a phone', async () => {
  await wall.tile(desk).focus();
  await page.keyboard.press('f');
  await wall.flagForm.waitFor();
  await note().fill('ba người chờ');
  // A second window leaves it to the first one.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await new WallPage(other).tile(desk).waitFor();
  expect(await new WallPage(other).flagForm.count()).toBe(0);
  await other.close();

  const enterAs = async (role: Role) => {
    const { username, password } = accountOf(role);
    await new SignInPage(page).signIn(username, password);
  };
  // Put out by the server: whoever signs in next goes on at the same place.
  const admin = await clientAs('admin');
  const { items } = await admin.call(userList, 'GET', '/api/users');
  const account = items.find(({ username }) => username === accountOf('inspector').username);
  for (const disabled of [true, false]) {
    await admin.call(user, 'PATCH', `/api/users/${account?.id}`, { body: { disabled } });
  }
  admin.close();
  await enterAs('home_affairs');
  await wall.tile(desk).waitFor();
  expect(await wall.flagForm.count()).toBe(0);
  await page.getByRole('button', { name: 'Tài khoản' }).click();
  await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  await enterAs('inspector');
  await page.getByRole('navigation').first().waitFor();
  await page.goto(`${url}/wall?camera=${desk}`);
  await expect.poll(() => note().inputValue(), patient).toBe('ba người chờ');

  // On a phone, also when it is turned.
  await note().fill('bốn người chờ');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Đánh dấu vi phạm' }).waitFor();
  expect(await note().inputValue()).toBe('bốn người chờ');
  await note().fill('năm người chờ');
  await page.reload();
  await expect.poll(() => note().inputValue(), patient).toBe('năm người chờ');
});
