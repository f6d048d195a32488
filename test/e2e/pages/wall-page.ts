import type { Locator, Page } from 'playwright-core';
import { decodedFrames, tile } from '../../support/console-page.ts';

export class WallPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get tiles(): Locator {
    return this.#page.getByTestId('tile');
  }

  get units(): Locator {
    return this.#page.locator('aside li > button[aria-expanded]');
  }

  get flagForm(): Locator {
    return this.#page.getByTestId('flag-popover');
  }

  tile(cameraId: string): Locator {
    return tile(this.#page, cameraId);
  }

  untilLive(cameraId: string): Promise<void> {
    return this.#page
      .locator(`[data-testid=tile][data-camera="${cameraId}"][data-state=live]`)
      .waitFor({ timeout: 30_000 });
  }

  decodedFrames(cameraId: string): Promise<number> {
    return decodedFrames(this.#page, cameraId);
  }

  /** By the keyboard alone, from the tile that has the focus. */
  async flag(cameraId: string, category: string): Promise<void> {
    await this.tile(cameraId).focus();
    await this.#page.keyboard.press('f');
    await this.flagForm.waitFor();
    await this.#page.keyboard.type(category);
    await this.#page.keyboard.press('Enter');
    await this.flagForm.waitFor({ state: 'detached' });
  }
}
