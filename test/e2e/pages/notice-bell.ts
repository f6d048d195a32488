import type { Locator, Page } from 'playwright-core';
import common from '../../../web/locales/vi/common.json' with { type: 'json' };
import notices from '../../../web/locales/vi/notices.json' with { type: 'json' };

/** The bell of the top bar and the panel that it opens. */
export class NoticeBell {
  readonly button: Locator;
  readonly panel: Locator;
  readonly readAll: Locator;

  constructor(page: Page) {
    this.button = page.getByRole('banner').getByRole('button', { name: new RegExp(`^${common.bell.label}`) });
    this.panel = page.getByRole('dialog', { name: notices.title });
    this.readAll = this.panel.getByRole('button', { name: notices.readAll });
  }

  /** How many notices are unread, as the bell says. */
  async unread(): Promise<number> {
    return Number(/\d+/.exec((await this.button.getAttribute('aria-label')) ?? '')?.[0] ?? 0);
  }

  /** The entry about the case of that number. */
  entry(number: string): Locator {
    return this.panel.getByRole('listitem').filter({ hasText: number });
  }
}
