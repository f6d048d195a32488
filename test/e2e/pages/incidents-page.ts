import type { Locator, Page } from 'playwright-core';

export class IncidentsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get rows(): Locator {
    return this.#page.locator('tbody tr');
  }

  get empty(): Locator {
    return this.#page.getByText('Chưa có vụ việc nào').or(this.#page.getByText('Không có vụ việc nào'));
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text });
  }
}
