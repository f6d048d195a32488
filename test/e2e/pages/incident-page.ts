import type { Locator, Page } from 'playwright-core';
import type { AppealOutcome, Conclusion, IncidentState, IncidentStep } from '../../../server/contracts/incidents.ts';
import common from '../../../web/locales/vi/common.json' with { type: 'json' };
import incidents from '../../../web/locales/vi/incidents.json' with { type: 'json' };
import playback from '../../../web/locales/vi/playback.json' with { type: 'json' };
import type { VideoLike } from '../../support/console-page.ts';

type File = { name: string; mimeType: string; buffer: Buffer };

export class IncidentPage {
  readonly #page: Page;
  /** The card that holds what the person may do next. */
  readonly actions: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.actions = page.getByTestId('case-actions');
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

  /** The state in which the case waits, on its way. */
  at(state: IncidentState): Locator {
    return this.#page.locator('[aria-current="step"]', { hasText: common.incidentState[state] });
  }

  /** The button that takes a step, where the person may. */
  button(step: IncidentStep): Locator {
    return this.actions.getByRole('button', { name: incidents.actions.do[step], exact: true });
  }

  /** The words of the step whose form is open. */
  words(step: IncidentStep): Locator {
    return this.actions.getByRole('textbox', { name: incidents.actions.reason[step] });
  }

  /** Takes the step whose form is open, and the consequences that are shown, if any are. */
  async send(step: IncidentStep, confirmed = false): Promise<void> {
    await this.button(step).click();
    if (!confirmed) return;
    await this.#page.getByRole('dialog').getByRole('button', { name: incidents.actions.do[step], exact: true }).click();
  }

  async verify(): Promise<void> {
    await this.send('verify');
  }

  async ask(question: string, finding: string): Promise<void> {
    await this.actions.getByRole('textbox', { name: incidents.actions.finding }).fill(finding);
    await this.words('request_explanation').fill(question);
    await this.send('request_explanation', true);
  }

  async conclude(conclusion: Conclusion, reason: string): Promise<void> {
    await this.actions.getByRole('radio', { name: common.conclusion[conclusion] }).check();
    await this.words('conclude').fill(reason);
    await this.send('conclude', true);
  }

  async attach(...files: File[]): Promise<void> {
    await this.#page.getByTestId('case-files').setInputFiles(files);
  }

  /** Marks the stretch of the case on the camera that is chosen. */
  async addStretch(): Promise<void> {
    await this.actions.getByRole('button', { name: incidents.stretches.add }).click();
    await this.actions.getByRole('button', { name: incidents.stretches.take }).click();
  }

  async writeAppeal(reason: string): Promise<void> {
    await this.actions.getByRole('button', { name: incidents.actions.write }).click();
    await this.words('appeal').fill(reason);
    await this.send('appeal', true);
  }

  async judge(outcome: AppealOutcome, reason: string): Promise<void> {
    await this.actions.getByRole('radio', { name: incidents.outcome[outcome] }).check();
    await this.words('judge_appeal').fill(reason);
    await this.send('judge_appeal', true);
  }

  /** What others changed while the person was deciding. */
  get changes(): Locator {
    return this.actions.getByRole('alert').filter({ hasText: incidents.changes.title });
  }

  async seeChanges(): Promise<void> {
    await this.changes.getByRole('button', { name: incidents.changes.seen }).click();
  }

  /** A file that was handed in: a link. */
  file(name: string): Locator {
    return this.#page.getByRole('link', { name });
  }

  /** Plays a stretch that the unit marked. */
  get playStretch(): Locator {
    return this.#page.getByRole('button', { name: incidents.stretches.play });
  }

  get comments(): Locator {
    return this.#page.getByRole('heading', { name: incidents.comments.title });
  }

  /** The line that says how the case was concluded. */
  ended(conclusion: Conclusion): Locator {
    const words = incidents.actions.concludedAs.replace('{{kind}}', common.conclusion[conclusion]);
    return this.#page.getByRole('heading', { name: words });
  }
}
