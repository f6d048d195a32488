import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { incident } from '../../server/contracts/incidents.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { launchChromium } from '../support/console-page.ts';
import { flagByApi } from './flags.ts';
import { IncidentPage } from './pages/incident-page.ts';
import { IncidentsPage } from './pages/incidents-page.ts';
import { clientAs, type Visitor, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const patient = { timeout: 30_000 };
const note = 'Chỉ các phòng đọc ghi chú này';

const flagged = () => flagByApi(inject('city').cameras.find(({ unit }) => unit === 'hong-ha')!.id, 'TN01', note);

/** A person at the page of a case. */
async function at(role: Role, id: string): Promise<{ visitor: Visitor; page: Page; view: IncidentPage }> {
  // A step that comes too late is answered with 409, of which the browser speaks.
  const visitor = await visitAs(browser, role, `/incidents/${id}`, [new RegExp(`409.*${id}`)]);
  return { visitor, page: visitor.page, view: new IncidentPage(visitor.page) };
}

describe('a case, with the right of reply', () => {
  it('goes from the flag over answer, conclusion and appeal to its end, each step by whom it belongs to', async () => {
    const { id, number } = await flagged();
    const inspector = await at('inspector', id);
    const unit = await visitAs(browser, 'unit_head', '/incidents');
    const list = new IncidentsPage(unit.page);
    await list.rows.first().or(list.empty.first()).waitFor();
    expect(await list.row(number).count()).toBe(0);
    await inspector.view.button('verify').waitFor();
    await inspector.page.keyboard.press('v');
    await inspector.view.at('verifying').waitFor(patient);
    await inspector.view.ask('Vì sao quầy trống?', 'Quầy trống, có người chờ.');
    await inspector.view.at('explanation_requested').waitFor(patient);

    const head = { visitor: unit, page: unit.page, view: new IncidentPage(unit.page) };
    await list.row(number).click(patient);
    await head.page.getByText('Vì sao quầy trống?').first().waitFor(patient);
    expect(await head.page.getByText(note).count()).toBe(0);
    expect(await head.view.comments.count()).toBe(0);
    const pdf = { name: 'Giấy phân công.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };
    const other = { name: 'Lịch trực.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') };
    await head.view.attach(pdf, other);
    await head.view.addStretch();
    await head.view.words('explain').fill('Công chức đi đóng dấu.');
    // What is typed, handed in and marked outlives a reload.
    await expect.poll(() => head.view.actions.textContent(), patient).toContain('Đã lưu nháp');
    await head.page.reload();
    await expect.poll(() => head.view.words('explain').inputValue(), patient).toBe('Công chức đi đóng dấu.');
    await expect.poll(() => head.view.actions.textContent(), patient).toContain(pdf.name);
    expect(await head.view.actions.textContent()).not.toContain(other.name);
    await head.view.send('explain', true);
    await head.view.at('awaiting_conclusion').waitFor(patient);

    // The case comes to the other page by itself: the answer, its file as a download, its stretch to be played.
    await inspector.view.file(pdf.name).waitFor(patient);
    const download = inspector.page.waitForEvent('download');
    await inspector.view.file(pdf.name).click();
    expect((await download).suggestedFilename()).toBe(pdf.name);
    await inspector.view.playStretch.waitFor();
    await inspector.view.conclude('reminder', 'Không bàn giao quầy.');
    await inspector.view.at('concluded').waitFor(patient);

    await head.page.getByText('Không bàn giao quầy.').first().waitFor(patient);
    await head.view.writeAppeal('Có phân công bằng giấy.');
    await head.view.at('appealed').waitFor(patient);
    await inspector.page.getByText('một người khác phải xem xét kiến nghị').waitFor(patient);
    expect(await inspector.view.button('judge_appeal').count()).toBe(0);

    const leader = await at('leader', id);
    await leader.view.judge('upheld', 'Phân công không thay bàn giao.');
    await leader.view.ended('reminder').waitFor(patient);
    await head.page.getByText('Phân công không thay bàn giao.').first().waitFor(patient);
    for (const { visitor } of [leader, head, inspector]) await visitor.leave();
  });

  it('tells whoever decides what others have changed meanwhile, and keeps what was typed', async () => {
    const { id, version } = await flagged();
    const { visitor, view } = await at('inspector', id);
    await view.words('verify').fill('Tôi nhận việc này.');
    const client = await clientAs('home_affairs');
    const body = { version, severity: 3, reason: 'Có người già chờ lâu.' };
    await client.call(incident, 'POST', `/api/incidents/${id}/correct`, { body });
    client.close();
    await view.changes.getByText(body.reason).waitFor(patient);
    expect(await view.words('verify').inputValue()).toBe('Tôi nhận việc này.');
    await view.seeChanges();
    await view.verify();
    await view.at('verifying').waitFor(patient);
    await visitor.leave();
  });
});
