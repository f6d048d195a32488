import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { ApiClient } from '../../scripts/commands/api-client.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { SignInPage } from './pages/sign-in-page.ts';

/** A person with a browser of their own at the running product. */
export interface Visitor {
  page: Page;
  /** What the browser complained about: console errors, uncaught errors. */
  complaints: string[];
  /** Fails the test when the browser complained. */
  leave(): Promise<void>;
}

/** The browser speaks of every answer from 400 on; a test that asks for one says which. */
export async function visit(browser: Browser, at = '/', expected: readonly RegExp[] = []): Promise<Visitor> {
  const { url } = inject('city');
  const context: BrowserContext = await browser.newContext({
    // The certificate is the server's own; that it is the right one is proven by `ApiClient`, which trusts nothing else.
    ignoreHTTPSErrors: true,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  page.on('pageerror', (error) => complain(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`${message.text()} ${message.location().url}`);
  });
  await page.goto(url + at);
  const leave = async () => {
    await context.close();
    expect(complaints).toEqual([]);
  };
  return { page, complaints, leave };
}

/** Before anybody is signed in, asking who that is gets a 401. */
export const notSignedIn = /401.*\/api\/me/;

export async function visitAs(
  browser: Browser,
  role: Role,
  at = '/',
  expected: readonly RegExp[] = [],
): Promise<Visitor> {
  const visitor = await visit(browser, '/sign-in', [notSignedIn, ...expected]);
  const { username, password } = accountOf(role);
  await new SignInPage(visitor.page).signIn(username, password);
  await visitor.page.getByRole('navigation').first().waitFor();
  if (at !== '/') await visitor.page.goto(inject('city').url + at);
  return visitor;
}

export function accountOf(role: Role): { username: string; password: string } {
  const account = inject('city').accounts.find((each) => each.role === role);
  if (!account) throw new Error(`no account of the role ${role}`);
  return account;
}

/** The API as a person of a role sees it. */
export async function clientAs(role: Role): Promise<ApiClient> {
  const { url, dataDir } = inject('city');
  const client = await ApiClient.of(url, dataDir);
  const { username, password } = accountOf(role);
  await client.signIn(username, password);
  return client;
}
