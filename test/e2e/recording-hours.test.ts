import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { calendarRow, calendarState } from '../../server/contracts/calendar.ts';
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

it('an administrator enters days off, is told when somebody else was faster, and takes a file over after its preview', async () => {
  const { page, leave } = await visitAs(browser, 'admin', '/system/calendar?year=2031', [/409.*\/api\/calendar\/rows/]);
  const dialog = page.getByRole('dialog');
  const day = (words: RegExp) => page.getByRole('button', { name: words });
  const name = dialog.getByRole('textbox', { name: /^Tên/ });
  const save = dialog.getByRole('button', { name: 'Lưu' });
  await day(/Thứ Sáu 14\/02\/2031: Ngày làm việc/).click();
  await name.fill('Nghỉ thử');
  await save.click();
  await day(/14\/02\/2031: Ngày nghỉ lễ \(Nghỉ thử\)/).click();

  const admin = await clientAs('admin');
  const { rows } = await admin.call(calendarState, 'GET', '/api/calendar');
  const row = rows.find(({ content }) => content.kind === 'exception' && content.name === 'Nghỉ thử')!;
  const body = { version: row.version, content: { ...row.content, name: 'Nghỉ thật' } };
  await admin.call(calendarRow, 'PUT', `/api/calendar/rows/${row.id}`, { body });
  await name.fill('Nghỉ khác');
  await save.click();
  await dialog.getByRole('alert').getByText('Người khác vừa thay đổi mục này').waitFor();
  await dialog.getByRole('button', { name: 'Hủy' }).click();
  await day(/14\/02\/2031: Ngày nghỉ lễ \(Nghỉ thật\)/).click();
  await dialog.getByRole('button', { name: 'Xóa', exact: true }).click();
  await dialog.getByRole('button', { name: 'Xóa khỏi lịch' }).click();
  await day(/14\/02\/2031: Ngày làm việc/).waitFor();

  const event = (uid: string, date: string) =>
    `BEGIN:VEVENT\r\nUID:${uid}\r\nSUMMARY:Lễ ${uid}\r\nDTSTART;VALUE=DATE:${date}\r\nEND:VEVENT\r\n`;
  const text = `BEGIN:VCALENDAR\r\n${event('A', '20310220')}${event('B', '20310221')}END:VCALENDAR`;
  await page.getByRole('button', { name: 'Nhập tệp lịch' }).click();
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'lich.ics', mimeType: 'text/calendar', buffer: Buffer.from(text) });
  await dialog.getByText('2 ngày thêm mới, 0 ngày thay đổi, 0 bỏ qua').waitFor();
  await dialog.getByRole('checkbox', { name: 'Nhập Lễ B' }).uncheck();
  await dialog.getByRole('button', { name: 'Nhập 1 ngày' }).click();
  await day(/20\/02\/2031: Ngày nghỉ lễ \(Lễ A\)/).waitFor();
  expect(await day(/21\/02\/2031: Ngày làm việc/).count()).toBe(1);
  admin.close();
  await leave();
});
