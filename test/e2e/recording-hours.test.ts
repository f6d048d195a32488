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
