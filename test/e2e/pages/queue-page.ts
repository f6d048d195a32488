import type { Locator, Page } from 'playwright-core';
import queue from '../../../web/locales/vi/queue.json' with { type: 'json' };

/** The review of a queue by keys, and what is done with many cases of the list. */
export class QueuePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The case with this number, once it is the one to be decided on. */
  stage(number: string): Locator {
    return this.#page.locator(`[data-testid=review-stage][data-number="${number}"]`);
  }

  /** `1 / 3 · còn 3` */
  get place(): Locator {
    return this.#page.getByTestId('review-place');
  }

  get finished(): Locator {
    return this.#page.getByTestId('review-finished');
  }

  form(step: 'dismiss' | 'correct' | 'mark_duplicate'): Locator {
    return this.#page.getByTestId(`review-${step}`);
  }

  /** The picture that is shown; the next one is loaded out of sight. */
  get clip(): Locator {
    return this.#page.locator('[data-testid=clip-video]:visible');
  }

  /** Whether what has the focus shows that it has. */
  focusIsSeen(): Promise<boolean> {
    return this.#page.evaluate('document.activeElement?.matches(":focus-visible") ?? false');
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  get rows(): Locator {
    return this.#page.locator('tbody tr');
  }

  get marks(): Locator {
    return this.#page.locator('tbody mark');
  }

  get ticked(): Locator {
    return this.#page.locator('tbody tr[data-ticked]');
  }

  /** Gives the ticked cases to the first person whose name holds these words. */
  async assign(words: string, reason: string): Promise<void> {
    await this.#page.getByTestId('bulk-assign').click();
    const dialog = this.#page.getByRole('dialog');
    await dialog.getByLabel(queue.bulk.to).click();
    await this.#page.getByRole('option', { name: words }).first().click();
    await dialog.getByLabel(queue.bulk.reason).fill(reason);
    await dialog.locator('button[type=submit]').click();
  }

  /** What became of each case. */
  get results(): Locator {
    return this.#page.getByRole('dialog').getByRole('listitem');
  }
}
