import type { Locator, Page } from 'playwright-core';
import type { VideoLike } from '../../support/console-page.ts';

export class PlaybackPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  static address(cameraId: string, atMs: number): string {
    return `/playback?cameras=${cameraId}&at=${Math.round(atMs)}`;
  }

  get video(): Locator {
    return this.#page.getByTestId('playback-video');
  }

  /** Time of the frame on screen, UTC epoch ms; NaN before the first. */
  momentMs(): Promise<number> {
    return this.video.evaluate((video) => Number((video as unknown as VideoLike).dataset.mediaTimeMs));
  }

  decodedFrames(): Promise<number> {
    return this.video.evaluate((video) => (video as unknown as VideoLike).getVideoPlaybackQuality().totalVideoFrames);
  }
}
