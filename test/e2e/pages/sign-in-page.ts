import type { Locator, Page } from 'playwright-core';

export class SignInPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get refusal(): Locator {
    return this.#page.getByRole('alert');
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.#page.locator('input[name=username]').fill(username);
    await this.#page.locator('input[name=password]').fill(password);
    await this.#page.locator('button[type=submit]').click();
  }
}
