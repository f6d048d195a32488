import type { Locator, Page } from 'playwright-core';
import type { Conclusion } from '../../../server/contracts/incidents.ts';
import common from '../../../web/locales/vi/common.json' with { type: 'json' };
import incidents from '../../../web/locales/vi/incidents.json' with { type: 'json' };
import playback from '../../../web/locales/vi/playback.json' with { type: 'json' };
import type { VideoLike } from '../../support/console-page.ts';

export class IncidentPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get clip(): Locator {
    return this.#page.getByTestId('clip-video');
  }

  get gone(): Locator {
    return this.#page.getByText(incidents.gone.title);
  }

  async play(): Promise<void> {
    await this.#page.getByRole('button', { name: playback.play, exact: true }).click();
  }

  /** Time of the frame on screen, UTC epoch ms; NaN before the first. */
  momentMs(): Promise<number> {
    return this.clip.evaluate((video) => Number((video as unknown as VideoLike).dataset.mediaTimeMs));
  }

  decodedFrames(): Promise<number> {
    return this.clip.evaluate((video) => (video as unknown as VideoLike).getVideoPlaybackQuality().totalVideoFrames);
  }

  async verify(): Promise<void> {
    await this.#page.getByRole('button', { name: incidents.actions.do.verify }).click();
  }

  async conclude(conclusion: Conclusion, reason: string): Promise<void> {
    await this.#page.getByRole('radio', { name: common.conclusion[conclusion] }).check();
    await this.#page.getByRole('textbox').last().fill(reason);
    await this.#page.getByRole('button', { name: incidents.actions.do.conclude }).click();
  }

  /** The line that says how the case ended. */
  ended(conclusion: Conclusion): Locator {
    const words = incidents.actions.concludedAs.replace('{{kind}}', common.conclusion[conclusion]);
    return this.#page.getByRole('heading', { name: words });
  }

  /** The button of the next step, where the person may take one. */
  get concludeButton(): Locator {
    return this.#page.getByRole('button', { name: incidents.actions.do.conclude });
  }

  get refusal(): Locator {
    return this.#page.getByText(incidents.refusal.flagger_cannot_conclude);
  }
}
