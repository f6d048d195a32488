import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { camera } from '../../server/contracts/cameras.ts';
import { launchChromium } from '../support/console-page.ts';
import { clientAs, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it('an administrator has a camera recorded in the working hours of its unit, and all day again', async () => {
  const cameraId = inject('city').cameras.at(-1)?.id ?? '';
  const { page, leave } = await visitAs(browser, 'admin', `/cameras?camera=${cameraId}`);
  const drawer = page.getByRole('dialog');
  const mode = drawer.getByRole('combobox', { name: /Luồng phụ.*thời gian ghi hình|phụ: thời gian ghi hình/i });
  const before = drawer.getByLabel('Số phút trước giờ');
  const save = drawer.getByRole('button', { name: 'Lưu' });
  const admin = await clientAs('admin');
  const setting = async () => (await admin.call(camera, 'GET', `/api/cameras/${cameraId}`)).recording?.sub;

  await mode.click();
  await page.getByRole('option', { name: 'Trong giờ làm việc của đơn vị' }).click();
  await before.fill('30');
  await save.click();
  await expect.poll(setting).toEqual({ mode: 'working_hours', leadMinutes: 30, tailMinutes: 15 });

  await mode.click();
  await page.getByRole('option', { name: 'Cả ngày' }).click();
  await before.waitFor({ state: 'detached' });
  await save.click();
  await expect.poll(setting).toMatchObject({ mode: 'continuous' });
  await leave();
});

it('an administrator keeps a stream for days of its own, and is asked before footage goes', async () => {
  const cameraId = inject('city').cameras.at(-1)?.id ?? '';
  const { page, leave } = await visitAs(browser, 'admin', '/cameras');
  // The city of the tests is minutes old: its footage is said to reach back further.
  const oldestMs = Date.now() - 25 * 86_400_000;
  const streams = ['main', 'sub'].map((name) => ({ name, oldestMs }));
  await page.route('**/archive', (route) => route.fulfill({ json: { defaultRetentionDays: 30, streams } }));
  await page.goto(new URL(`/cameras?camera=${cameraId}`, page.url()).href);
  const days = page.getByLabel('Luồng phụ: số ngày lưu');
  const save = page.getByRole('button', { name: 'Lưu', exact: true });
  const asked = page.getByRole('dialog', { name: 'Lưu ngắn hơn và xóa hình cũ?' });
  const admin = await clientAs('admin');
  const kept = async () => (await admin.call(camera, 'GET', `/api/cameras/${cameraId}`)).retentionDays?.sub;

  await days.fill('90');
  await save.click();
  await expect.poll(kept).toBe(90);

  await days.fill('7');
  await save.click();
  await asked.getByText('Luồng phụ: 19 ngày hình bị xóa').waitFor();
  await asked.getByRole('button', { name: 'Hủy' }).click();
  await asked.waitFor({ state: 'detached' });
  expect(await kept()).toBe(90);
  await save.click();
  await asked.getByRole('button', { name: 'Lưu và xóa hình cũ' }).click();
  await expect.poll(kept).toBe(7);

  const warning = page.getByText('Tiếng nói của người dân là dữ liệu cá nhân');
  expect(await warning.count()).toBe(0);
  await page.getByRole('switch', { name: 'Luồng phụ: ghi cả tiếng' }).check({ force: true });
  await warning.waitFor();
  await page.getByRole('switch', { name: 'Luồng phụ: ghi cả tiếng' }).uncheck({ force: true });
  await days.fill('');
  await save.click();
  await expect.poll(kept).toBeNull();
  await leave();
});
