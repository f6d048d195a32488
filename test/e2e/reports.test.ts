import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/console-page.ts';
import { readPdf } from '../support/reports.ts';
import { flagByApi } from './flags.ts';
import { visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** What the browser saves after a click. */
async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

it('prints a case with its pictures, and saves the list that is shown', async () => {
  const { id, number } = await flagByApi(inject('city').cameras.find(({ unit }) => unit === 'bai-chay')!.id, 'CS01');
  const { page, leave } = await visitAs(browser, 'inspector', `/incidents/${id}`);
  const paper = await saved(page, () => page.getByTestId('case-print').click());
  expect(paper.name).toBe(`${number}.pdf`);
  const text = (await readPdf(paper.bytes)).flatMap(({ lines }) => lines).join('\n');
  expect(text).toContain(
    `HỒ SƠ VỤ VIỆC\nVụ việc số ${number}\nVề việc: Mất vệ sinh, lộn xộn (CS01), tại Phường Bãi Cháy`,
  );
  expect(text).toContain('Ảnh lúc ghi nhận');
  expect(text).not.toContain('Không có ảnh');

  await page.goto(`${inject('city').url}/incidents?tab=all&category=CS01`);
  await page.getByTestId('list-export').click();
  const list = await saved(page, () => page.getByRole('menuitem', { name: 'CSV' }).click());
  expect(list.name).toMatch(/^vu-viec-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...rows] = list.bytes.toString().split('\r\n');
  expect(head).toContain('Hành vi');
  expect(rows.map((row) => row.split(',')[1])).toEqual(rows.map(() => 'CS01'));
  expect(rows.map((row) => row.split(',')[0])).toContain(number);
  await leave();
});
