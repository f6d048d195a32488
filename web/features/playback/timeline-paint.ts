import type { Severity } from '../../../server/contracts/common.ts';
import type { Timeline as Recording } from '../../../server/contracts/timeline.ts';
import { formatMinute, formatTime, MINUTE_MS } from '../../components/time.ts';
import { union } from '../../player/vod-policy.ts';
import { gapGlyph } from './gap-icon.ts';
import { type Span, stepOf, ticks, xOf } from './timeline-scale.ts';
import type { SceneWords } from './timeline-words.ts';
import { bars, eventMarks, type GapBox, type Pin, pins } from './track-layout.ts';

/** Sizes of the look, in CSS px. */
export const STRIP = 26;
export const SPACE = 10;
export const RULER = 26;
export const TRACK = 27;
export const BAR = 13;

export type PaintTrack = { cameraId: string; recording: Recording | undefined; online: boolean };
export type Scene = {
  day: Span;
  view: Span;
  tracks: readonly PaintTrack[];
  selected: number;
  hours: readonly { fromMs: number; toMs: number }[];
  marks: { inMs: number | null; outMs: number | null };
  nowMs: number;
  playheadMs: number | null;
  hoverMs: number | null;
  gapBoxes: readonly (readonly GapBox[])[];
  words: SceneWords;
};

const FONT = '500 12px "Be Vietnam Pro", sans-serif';
const ICON = 14;
const ICON_SPACE = 4;
/** Half of a label of the ruler, with some space. */
const LABEL_HALF = 26;
const MOST_WIDTHS = 500;
/** How wide texts are, in the fonts that they are drawn in. */
const widths = new Map<string, number>();
/** The colours of a canvas are read once: playback is dark, whatever the rest of the console is. */
const colours = new WeakMap<HTMLCanvasElement, Map<string, string>>();
const unions = new WeakMap<readonly PaintTrack[], [number, number][]>();

function tokensOf(canvas: HTMLCanvasElement): (name: string) => string {
  const known = colours.get(canvas) ?? new Map<string, string>();
  colours.set(canvas, known);
  return (name) => {
    const colour = known.get(name) ?? getComputedStyle(canvas).getPropertyValue(name).trim();
    known.set(name, colour);
    return colour;
  };
}

function unionOf(tracks: readonly PaintTrack[]): [number, number][] {
  const known = unions.get(tracks) ?? union(tracks.map((track) => track.recording?.recorded ?? []));
  unions.set(tracks, known);
  return known;
}

/** Draws the day's strip and the detail below it. The canvas is as wide as the tracks, without the gutter. */
export function paint(canvas: HTMLCanvasElement, width: number, height: number, scene: Scene): void {
  const context = canvas.getContext('2d');
  if (!context || width <= 0) return;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = new Pen(context, tokensOf(canvas), width, scene);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = 'middle';
  pen.strip();
  pen.detail(STRIP + SPACE, height);
}

class Pen {
  readonly #c: CanvasRenderingContext2D;
  readonly #token: (name: string) => string;
  readonly #width: number;
  readonly #scene: Scene;

  constructor(context: CanvasRenderingContext2D, tokenOf: (name: string) => string, width: number, scene: Scene) {
    this.#c = context;
    this.#token = tokenOf;
    this.#width = width;
    this.#scene = scene;
  }

  strip(): void {
    const { day, view, tracks, hours, playheadMs } = this.#scene;
    const c = this.#c;
    this.#hours(day, hours, 0, STRIP, '--lt-timeline-hours-strip', '--lt-timeline-outside');
    c.fillStyle = this.#token('--lt-text-2');
    for (const { ms, major } of ticks(day, this.#width)) {
      if (major && ms > day.fromMs) this.#label(formatMinute(ms).replace(/^0/, ''), xOf(day, this.#width, ms), 8);
    }
    c.fillStyle = this.#token('--lt-timeline-recorded');
    for (const bar of bars(unionOf(tracks), day, this.#width)) {
      c.fillRect(bar.x, 17, bar.width, 6);
    }
    for (const pin of pins(
      tracks.flatMap((track) => track.recording?.incidents ?? []),
      day,
      this.#width,
      9,
    ))
      this.#pin(pin, 10, 9);
    const [from, to] = [xOf(day, this.#width, view.fromMs), xOf(day, this.#width, view.toMs)];
    c.fillStyle = 'rgb(141 182 242 / 14%)';
    c.fillRect(from, 0, to - from, STRIP);
    c.strokeStyle = c.fillStyle = this.#token('--lt-focus');
    c.lineWidth = 1.5;
    c.strokeRect(from + 0.75, 0.75, Math.max(2, to - from - 1.5), STRIP - 1.5);
    for (const x of [from, to]) c.fillRect(x - 3, 6, 6, STRIP - 12);
    if (playheadMs !== null) this.#line(xOf(day, this.#width, playheadMs), 0, STRIP, '#fff', 2);
  }

  detail(top: number, bottom: number): void {
    const { view, hours, tracks, selected, playheadMs, hoverMs } = this.#scene;
    this.#hours(view, hours, top, bottom, '--lt-timeline-hours', '--lt-timeline-outside');
    this.#ruler(top);
    const first = top + RULER;
    for (const [i, track] of tracks.entries()) {
      this.#track(track, first + i * TRACK, i === selected, this.#scene.gapBoxes[i] ?? []);
    }
    this.#marks(first, bottom);
    if (hoverMs !== null) this.#line(xOf(view, this.#width, hoverMs), top, bottom, '#fff', 1, [2, 3]);
    if (playheadMs !== null) this.#playhead(xOf(view, this.#width, playheadMs), top, bottom);
  }

  #hours(span: Span, hours: Scene['hours'], top: number, bottom: number, inside: string, outside: string): void {
    const c = this.#c;
    c.fillStyle = this.#token(outside);
    c.fillRect(0, top, this.#width, bottom - top);
    c.fillStyle = this.#token(inside);
    for (const { fromMs, toMs } of hours) {
      const x = Math.max(0, xOf(span, this.#width, fromMs));
      const end = Math.min(this.#width, xOf(span, this.#width, toMs));
      if (end > x) c.fillRect(x, top, end - x, bottom - top);
    }
  }

  #ruler(top: number): void {
    const { view } = this.#scene;
    const c = this.#c;
    const seconds = stepOf(view, this.#width) < MINUTE_MS;
    const taken = this.#hourEdges(top);
    c.fillStyle = this.#token('--lt-text-2');
    for (const { ms, major } of ticks(view, this.#width)) {
      const x = xOf(view, this.#width, ms);
      this.#line(x, top + (major ? RULER - 6 : RULER - 4), top + RULER, this.#token('--lt-line-strong'), 1);
      c.fillStyle = this.#token('--lt-text-2');
      if (!major || taken.some(([from, to]) => x > from - LABEL_HALF && x < to + LABEL_HALF)) continue;
      this.#label(clockOf(ms, seconds), x, top + 10);
    }
  }

  /** Where working hours begin and end, in words where there is room: returns what of the ruler they take. */
  #hourEdges(top: number): [number, number][] {
    const { view, hours, words } = this.#scene;
    const c = this.#c;
    const taken: [number, number][] = [];
    const word = (text: string, x: number, side: -1 | 1, colour: string): void => {
      const wide = this.#widthOf(text);
      const from = side === 1 ? x + 6 : x - 6 - wide;
      const free = taken.every(([a, b]) => from + wide + 8 < a || from - 8 > b);
      if (from < 0 || from + wide > this.#width || !free) return;
      c.fillStyle = this.#token(colour);
      c.textAlign = 'left';
      c.fillText(text, from, top + 10);
      taken.push([from, from + wide]);
    };
    const edges = hours.flatMap(({ fromMs, toMs }, i) => [
      { ms: fromMs, begins: true, apart: fromMs - (hours[i - 1]?.toMs ?? Number.NEGATIVE_INFINITY) },
      { ms: toMs, begins: false, apart: (hours[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY) - toMs },
    ]);
    for (const { ms, begins, apart } of edges) {
      const x = xOf(view, this.#width, ms);
      if (x < 0 || x > this.#width || apart <= 0) continue;
      this.#line(x, top, top + RULER, this.#token('--lt-line-strong'), 1, [3, 3]);
      const clock = clockOf(ms, false);
      if (begins) word(words.hoursBegin(clock), x, 1, '--lt-text');
      else word(words.hoursEnd(clock), x, -1, '--lt-text');
      word(words.outside, x, begins ? -1 : 1, '--lt-text-2');
    }
    return taken;
  }

  #track(track: PaintTrack, top: number, selected: boolean, boxes: readonly GapBox[]): void {
    const { view, nowMs } = this.#scene;
    const c = this.#c;
    const y = top + (TRACK - BAR) / 2;
    const recording = track.recording;
    c.fillStyle = this.#token(selected ? '--lt-timeline-selected' : '--lt-timeline-recorded');
    for (const bar of bars(recording?.recorded ?? [], view, this.#width)) c.fillRect(bar.x, y, bar.width, BAR);
    for (const box of boxes) {
      this.#gap(box, y - 2);
      if (box.show !== 'hatch') this.#reason(box, y - 2);
    }
    // Recorded, but on a volume that is away: an outline without a filling.
    for (const bar of bars(recording?.offline ?? [], view, this.#width)) {
      c.fillStyle = this.#token('--lt-bg');
      c.fillRect(bar.x, y, bar.width, BAR);
      c.strokeStyle = this.#token('--lt-timeline-selected');
      c.lineWidth = 1;
      c.setLineDash([4, 3]);
      if (bar.width > 2) c.strokeRect(bar.x + 0.5, y + 0.5, bar.width - 1, BAR - 1);
      c.setLineDash([]);
    }
    // Written, but not yet to be played.
    const end = recording?.recorded.at(-1)?.[1];
    if (track.online && end !== undefined && nowMs - end < 2 * MINUTE_MS) {
      const to = Math.min(this.#width, xOf(view, this.#width, nowMs));
      for (let x = Math.max(0, xOf(view, this.#width, end)) + 2; x < to - 1; x += 4) c.fillRect(x, y, 2, BAR);
    }
    // What the camera told of itself: small marks under the bar.
    c.fillStyle = this.#token('--lt-text-2');
    for (const mark of eventMarks(recording?.events ?? [], view, this.#width, nowMs)) {
      c.fillRect(mark.x, y + BAR + 2, mark.width, 3);
    }
    for (const pin of pins(recording?.incidents ?? [], view, this.#width)) {
      this.#line(pin.x, y - 4, y + BAR + 4, severityColour(this.#token, pin.severity), 2);
      this.#pin(pin, y + BAR / 2, 14);
    }
  }

  #gap({ x, width }: GapBox, y: number): void {
    const c = this.#c;
    const height = BAR + 4;
    c.save();
    c.beginPath();
    c.rect(x, y, width, height);
    c.clip();
    c.fillStyle = '#0b0f14';
    c.fillRect(x, y, width, height);
    c.strokeStyle = this.#token('--lt-text-3');
    c.lineWidth = 3;
    c.beginPath();
    for (let at = Math.floor(x / 8) * 8 - height; at < x + width + height; at += 8) {
      c.moveTo(at, y + height);
      c.lineTo(at + height, y);
    }
    c.stroke();
    c.restore();
    c.strokeStyle = this.#token('--lt-text-2');
    c.lineWidth = 1;
    if (width > 2) c.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }

  /** The reason of a gap on a plate over its hatch: the icon, and the words where they fit. */
  #reason({ x, width, show, gap }: GapBox, y: number): void {
    const c = this.#c;
    const height = BAR + 4;
    const word = show === 'word' ? this.#scene.words.gap(gap) : '';
    const wide = ICON + (word ? ICON_SPACE + this.#widthOf(word) : 0);
    const from = x + (width - wide) / 2;
    c.fillStyle = '#0b0f14';
    const edge = Math.max(0, Math.min(ICON_SPACE, (width - wide) / 2 - 1));
    c.fillRect(from - edge, y + 1, wide + 2 * edge, height - 2);
    c.save();
    c.translate(from, y + (height - ICON) / 2);
    c.scale(ICON / 24, ICON / 24);
    c.strokeStyle = this.#token('--lt-text');
    c.lineWidth = 1.8;
    c.lineCap = c.lineJoin = 'round';
    c.stroke(gapGlyph(gap.reason));
    c.restore();
    if (!word) return;
    c.fillStyle = this.#token('--lt-text');
    c.textAlign = 'left';
    c.fillText(word, from + ICON + ICON_SPACE, y + height / 2 + 0.5);
  }

  #widthOf(text: string): number {
    const key = `${this.#c.font} ${text}`;
    const known = widths.get(key) ?? this.#c.measureText(text).width;
    if (widths.size > MOST_WIDTHS) widths.clear();
    // Until the font is there another one is measured.
    if (document.fonts.status === 'loaded') widths.set(key, known);
    return known;
  }

  #pin(pin: Pin, y: number, size: number): void {
    const c = this.#c;
    const r = size / 2;
    c.fillStyle = severityColour(this.#token, pin.severity);
    c.beginPath();
    if (pin.severity === 1) c.arc(pin.x, y, r, 0, 7);
    else {
      const corners = pin.severity === 2 ? 4 : 8;
      const turn = pin.severity === 2 ? 0 : Math.PI / 8;
      const reach = pin.severity === 2 ? r * 1.2 : r * 1.08;
      for (let i = 0; i < corners; i += 1) {
        const angle = turn + (i / corners) * 2 * Math.PI;
        c.lineTo(pin.x + Math.cos(angle) * reach, y + Math.sin(angle) * reach);
      }
    }
    c.fill();
    if (size < 12) return;
    c.fillStyle = this.#token(`--lt-sev-${pin.severity}-digit`);
    c.font = '700 10px "Be Vietnam Pro", sans-serif';
    this.#label(String(pin.severity), pin.x, y + 0.5);
    c.font = FONT;
  }

  #marks(top: number, bottom: number): void {
    const { view, marks } = this.#scene;
    const c = this.#c;
    const x = (ms: number) => xOf(view, this.#width, ms);
    if (marks.inMs !== null && marks.outMs !== null) {
      c.fillStyle = 'rgb(255 255 255 / 13%)';
      c.fillRect(x(marks.inMs), top, x(marks.outMs) - x(marks.inMs), bottom - top);
    }
    for (const [ms, letter, side] of [
      [marks.inMs, 'I', -1],
      [marks.outMs, 'O', 1],
    ] as const) {
      if (ms === null) continue;
      this.#line(x(ms), top, bottom, '#fff', 2);
      c.fillStyle = '#fff';
      c.fillRect(side < 0 ? x(ms) - 16 : x(ms), bottom - 16, 16, 16);
      c.fillStyle = '#0b0f14';
      this.#label(letter, x(ms) + side * 8, bottom - 7.5);
    }
  }

  #playhead(x: number, top: number, bottom: number): void {
    const c = this.#c;
    this.#line(x, top, bottom, '#fff', 2);
    c.fillStyle = '#fff';
    c.beginPath();
    c.moveTo(x - 6, top);
    c.lineTo(x + 6, top);
    c.lineTo(x + 6, top + 6);
    c.lineTo(x, top + 12);
    c.lineTo(x - 6, top + 6);
    c.fill();
  }

  #line(x: number, from: number, to: number, colour: string, width: number, dash: number[] = []): void {
    const c = this.#c;
    if (x < -2 || x > this.#width + 2) return;
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.beginPath();
    c.moveTo(x, from);
    c.lineTo(x, to);
    c.stroke();
    c.setLineDash([]);
  }

  #label(text: string, x: number, y: number): void {
    const half = this.#widthOf(text) / 2;
    // A label that the edge would cut is left out.
    if (x < half || x > this.#width - half) return;
    this.#c.textAlign = 'center';
    this.#c.fillText(text, x, y);
  }
}

function clockOf(ms: number, seconds: boolean): string {
  return (seconds ? formatTime(ms) : formatMinute(ms)).replace(/^0/, '');
}

function severityColour(tokenOf: (name: string) => string, severity: Severity): string {
  return tokenOf(`--lt-sev-${severity}-mark`);
}
