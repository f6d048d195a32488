import { pannedBy, whole, type Zoom, zoomedBy } from './picture-zoom-policy.ts';

/** A turn of a usual mouse wheel is 100 px, and enlarges by a quarter. */
const PER_PIXEL = Math.log(1.25) / 100;
/** How many pixels a line or a page of the wheel's other units counts. */
const PIXELS = [1, 16, 400];
const STEP = 1.25;
const PAN = 0.1;

/**
 * Enlarges the picture of one tile by wheel, pinch and keys, and moves it by dragging once it is enlarged. Draws past React; `subscribe` and
 * `scale` tell React how large it is.
 */
export class PictureZoom {
  readonly #root: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #ending = new AbortController();
  readonly #watchers = new Set<() => void>();
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #zoom: Zoom = whole;
  #enabled = true;

  /** Listens on the tile for as long as it is not destroyed. */
  constructor(root: HTMLElement, picture: HTMLElement) {
    this.#root = root;
    this.#picture = picture;
    const { signal } = this.#ending;
    // Not passive: a pinch on a touch pad would enlarge the whole page.
    root.addEventListener('wheel', this.#wheel, { signal, passive: false });
    root.addEventListener('pointerdown', this.#down, { signal });
    root.addEventListener('pointermove', this.#move, { signal });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      root.addEventListener(end, (event) => this.#pointers.delete(event.pointerId), { signal });
    }
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** How many times the picture is enlarged, to a tenth. */
  readonly scale = (): number => Math.round(this.#zoom.scale * 10) / 10;

  /** While the camera itself is steered its picture is whole. */
  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    if (!enabled) this.reset();
  }

  /** False where there was nothing to take back. */
  reset(): boolean {
    this.#pointers.clear();
    if (this.#zoom.scale === 1) return false;
    this.#draw(whole);
    return true;
  }

  /** What a key does to the picture; false where it does nothing. */
  key(key: string): boolean {
    if (!this.#enabled) return false;
    const middle = { x: 0.5, y: 0.5 };
    const pans: Record<string, [number, number]> = {
      ArrowLeft: [PAN, 0],
      ArrowRight: [-PAN, 0],
      ArrowUp: [0, PAN],
      ArrowDown: [0, -PAN],
    };
    const pan = pans[key];
    if (key === '+' || key === '=') this.#draw(zoomedBy(this.#zoom, STEP, middle));
    else if (this.#zoom.scale === 1) return false;
    else if (key === '-') this.#draw(zoomedBy(this.#zoom, 1 / STEP, middle));
    else if (pan) this.#draw(pannedBy(this.#zoom, { x: pan[0], y: pan[1] }));
    else return false;
    return true;
  }

  destroy(): void {
    this.#ending.abort();
    this.reset();
  }

  readonly #wheel = (event: WheelEvent): void => {
    if (!this.#enabled) return;
    event.preventDefault();
    const pixels = event.deltaY * (PIXELS[event.deltaMode] ?? 1);
    // A pinch on a touch pad comes as small turns of a wheel with Ctrl.
    const factor = Math.exp(-pixels * PER_PIXEL * (event.ctrlKey ? 5 : 1));
    this.#draw(zoomedBy(this.#zoom, factor, this.#at(event)));
  };

  readonly #down = (event: PointerEvent): void => {
    const onControl = event.target instanceof Element && event.target.closest('button, input') !== null;
    if (!this.#enabled || event.button !== 0 || onControl) return;
    this.#pointers.set(event.pointerId, this.#at(event));
    if (this.#zoom.scale > 1 || this.#pointers.size > 1) this.#root.setPointerCapture(event.pointerId);
  };

  readonly #move = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const at = this.#at(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, at);
    if (!other) {
      if (this.#zoom.scale > 1) this.#draw(pannedBy(this.#zoom, { x: at.x - before.x, y: at.y - before.y }));
      return;
    }
    const span = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const moved = pannedBy(this.#zoom, { x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 });
    this.#draw(zoomedBy(moved, span(at) / Math.max(0.01, span(before)), middle));
  };

  /** Where a pointer is, in shares of the tile. */
  #at({ clientX, clientY }: { clientX: number; clientY: number }): { x: number; y: number } {
    const box = this.#root.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
  }

  #draw(zoom: Zoom): void {
    this.#zoom = zoom;
    const { scale, x, y } = zoom;
    this.#picture.style.transformOrigin = '0 0';
    this.#picture.style.transform = scale === 1 ? '' : `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
    for (const watcher of this.#watchers) watcher();
  }
}
