import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type FleetProcess, startFleetProcess } from '../../scripts/commands/demo/fleet-process.ts';
import { cameraList } from '../../server/contracts/cameras.ts';
import { launchChromium } from '../support/console-page.ts';
import { clientAs, visitAs } from './visitors.ts';

const account = { username: 'admin', password: 'mat-khau-9' };
let browser: Browser;
let fleet: FleetProcess;
let host = '';

beforeAll(async () => {
  const slow = { id: 'moi', name: 'Camera mới', desk: 'Quầy số 3', ...account, quirks: { clockSkewMs: -400_000 } };
  const started = startFleetProcess({ cameras: [slow], discovery: false, loopFrames: 100 }, () => {});
  [browser, fleet] = await Promise.all([launchChromium(), started]);
  host = new URL(fleet.cameras[0]!.onvif).host;
});

afterAll(async () => {
  const admin = await clientAs('admin');
  const { items } = await admin.call(cameraList, 'GET', '/api/cameras');
  for (const { id, name } of items) {
    if (name === 'Quầy mới') await admin.call(z.unknown(), 'DELETE', `/api/cameras/${id}`);
  }
  admin.close();
  await Promise.all([browser?.close(), fleet?.stop()]);
});

it('leads a device from its address to a camera: measured, advised, told what came of a fix, placed, added', async () => {
  const { page, leave } = await visitAs(browser, 'admin', '/cameras/discover');
  await page.getByRole('button', { name: 'Theo địa chỉ', exact: true }).click();
  await page.getByRole('textbox', { name: 'Địa chỉ, mỗi dòng' }).fill(`${host} không-phải`);
  await page.getByRole('textbox', { name: 'Tài khoản camera' }).fill(account.username);
  await page.getByRole('textbox', { name: 'Mật khẩu camera' }).fill(account.password);
  await page.getByRole('button', { name: 'Bắt đầu dò tìm' }).click();
  await page.getByText('“không-phải” không phải địa chỉ').waitFor();
  // Nothing that was typed is lost by what was wrong.
  await expect.poll(() => page.getByRole('textbox', { name: 'Mật khẩu camera' }).inputValue()).toBe(account.password);
  await page.getByRole('textbox', { name: 'Địa chỉ, mỗi dòng' }).fill(host);
  await page.getByRole('button', { name: 'Bắt đầu dò tìm' }).click();
  await page.getByRole('row', { name: host }).getByText('Sẵn sàng').waitFor();

  // The search outlives leaving the page.
  await page.getByRole('link', { name: 'Danh sách' }).click();
  await page.getByRole('link', { name: 'Dò tìm' }).click();
  await page.getByRole('button', { name: host }).click();

  await page.getByRole('heading', { name: /Đồng hồ camera chậm 6 phút/ }).waitFor({ timeout: 20_000 });
  await page
    .getByText(/hình gốc mỗi 1 giây/)
    .first()
    .waitFor();
  await page.getByRole('img', { name: host }).waitFor();
  await page.getByRole('button', { name: 'Đặt lại đồng hồ camera' }).click();
  await page.getByRole('heading', { name: 'Kết quả chỉnh camera' }).waitFor();
  // What came of it is told as the device answered: done, or, as with the simulated camera, refused.
  await page.getByText(/đã xong|Camera không cho chỉnh mục này/).waitFor();

  await page.getByRole('combobox', { name: 'Đơn vị' }).click();
  await page.getByRole('option', { name: 'Phường Hồng Hà' }).click();
  await page.getByRole('textbox', { name: 'Tên camera' }).fill('Quầy mới');
  await page.getByRole('button', { name: 'Thêm camera' }).click();
  await page.getByText('Đã thêm vào hệ thống').waitFor();
  await leave();
});
