import { drawOnto } from './frame-freeze.ts';

/** A `<video>` inside a container, and a picture over it: the last one while footage changes, or a keyframe while one scrubs. */
export class VodLayers {
  readonly video: HTMLVideoElement;
  readonly #over: HTMLCanvasElement;

  constructor(container: HTMLElement, testId?: string) {
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    if (testId) this.video.dataset.testid = testId;
    this.#over = document.createElement('canvas');
    this.#over.hidden = true;
    container.append(this.video, this.#over);
  }

  get covered(): boolean {
    return !this.#over.hidden;
  }

  /** Holds the picture that is on screen. */
  freeze(): void {
    if (this.#over.hidden && drawOnto(this.#over, this.video)) this.#over.hidden = false;
  }

  /** Shows a picture in the video's place until `uncover`. */
  cover(picture: ImageBitmap): void {
    if (picture.width === 0) return;
    if (this.#over.width !== picture.width) this.#over.width = picture.width;
    if (this.#over.height !== picture.height) this.#over.height = picture.height;
    this.#over.getContext('2d')?.drawImage(picture, 0, 0);
    this.#over.hidden = false;
  }

  uncover(): void {
    this.#over.hidden = true;
  }

  /** What is on screen at its own size; null when there is nothing. */
  still(): HTMLCanvasElement | null {
    const canvas = document.createElement('canvas');
    return drawOnto(canvas, this.#over.hidden ? this.video : this.#over) ? canvas : null;
  }

  destroy(): void {
    this.video.remove();
    this.#over.remove();
  }
}
