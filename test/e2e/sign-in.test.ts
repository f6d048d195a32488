import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/console-page.ts';
import { SignInPage } from './pages/sign-in-page.ts';
import { accountOf, notSignedIn, visit, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('signing in', () => {
  it.each([
    ['leader', ['/overview', '/wall', '/playback', '/incidents']],
    ['home_affairs', ['/overview', '/wall', '/playback', '/incidents']],
    ['inspector', ['/overview', '/wall', '/playback', '/incidents']],
    ['unit_head', ['/wall', '/incidents']],
    ['admin', ['/cameras', '/system/users']],
    ['auditor', ['/system/audit']],
  ] as const)('shows the %s the screens of the role and no other', async (role, screens) => {
    const { page, leave } = await visitAs(browser, role);
    const links = page.getByRole('navigation').first().locator('a[href]:not([href="/"])');
    await expect.poll(() => links.evaluateAll(hrefs)).toEqual([...screens]);
    await leave();
  });

  it('says nothing about which part was wrong', async () => {
    const words = async (username: string) => {
      const { page, leave } = await visit(browser, '/sign-in', [notSignedIn, /401.*\/api\/session/]);
      const form = new SignInPage(page);
      await form.signIn(username, 'not the password');
      const text = await form.refusal.textContent();
      await leave();
      return text;
    };
    const known = await words(accountOf('auditor').username);
    expect(known).toBeTruthy();
    expect(await words('nobody-of-that-name')).toBe(known);
  });

  it('comes back to the page that was asked for', async () => {
    const { page, leave } = await visit(browser, '/incidents', [notSignedIn]);
    const { username, password } = accountOf('leader');
    await new SignInPage(page).signIn(username, password);
    await page.waitForURL('**/incidents');
    await leave();
  });

  it('goes on at the same address when the session has ended meanwhile', async () => {
    const { page, leave } = await visitAs(browser, 'leader', '/incidents', [/401/]);
    const overdue = page.getByRole('navigation', { name: 'Nhóm vụ việc' }).getByText('Quá hạn');
    await overdue.waitFor();
    await page.context().clearCookies();
    await overdue.click();
    await page.getByText('Phiên làm việc đã hết hạn').waitFor();
    const { username, password } = accountOf('leader');
    await new SignInPage(page).signIn(username, password);
    await page.waitForURL('**/incidents?tab=overdue');
    await leave();
  });
});

function hrefs(links: { getAttribute(name: string): string | null }[]): (string | null)[] {
  return links.map((link) => link.getAttribute('href'));
}
