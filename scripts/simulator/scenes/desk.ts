import {
  airConditioner,
  board,
  chair,
  counterFront,
  counterTop,
  glass,
  monitorBack,
  papers,
  plant,
  plate,
  postedProcedures,
  room,
  shelf,
} from './furniture.ts';
import { PALETTES, type Palette } from './palette.ts';
import { castClerk, castLook, clerk, type Drawing, fromBehind, SHIRTS } from './people.ts';
import { seeded } from './random.ts';
import { type Layer, SCENE_HEIGHT, SCENE_WIDTH, SCRIPT_SECONDS, type Scene, type SceneOptions } from './scene.ts';
import { fidget, present, type Visit, visiting } from './script.ts';

/** A single reception desk, as a camera above the waiting citizens sees it. */

const COUNTER_TOP = 620;
const COUNTER_BOTTOM = 900;
const LEFT = { dx: -1, dy: 0 } as const;

/** Where citizens stand, nearest to the plate first: never in front of it all the time. */
const STANDS: readonly { x: number; y: number }[] = [
  { x: 590, y: 655 },
  { x: 1330, y: 690 },
  { x: 1640, y: 715 },
  { x: 300, y: 690 },
];

/** The minute at a desk: served, nobody, the desk left, a queue, and the clerk back again. Times before the shift. */
const CLERK_AWAY: readonly { from: number; to: number }[] = [
  { from: 32, to: 52 },
  { from: 38, to: 50 },
  { from: 26, to: 49 },
];
const CITIZENS: readonly { from: number; to: number }[] = [
  { from: 43, to: 22 },
  { from: 36, to: 56 },
  { from: 40, to: 58 },
  { from: 44, to: 12 },
];

export function deskScene(options: SceneOptions): Scene {
  const palette = PALETTES[options.palette];
  const random = seeded(options.seed);
  const shift = Math.floor(random.next() * 12) * 5;
  const tilt = [1.2, -1.1, 0.7][options.seed % 3] ?? 1.2;
  const mirrored = options.seed % 2 === 1;
  const away = random.pick([CLERK_AWAY[0] ?? { from: 32, to: 52 }, ...CLERK_AWAY.slice(1)]);
  const clerkLook = castClerk(random);
  const shirts = random.shuffle(SHIRTS);
  const queue = CITIZENS.slice(0, 2 + Math.floor(random.next() * 3));

  const citizens = queue.map(({ from, to }, index): Layer => {
    const stand = STANDS[index] ?? { x: 590, y: 655 };
    const x = mirrored ? SCENE_WIDTH - stand.x : stand.x;
    const look = castLook(random, shirts[index] ?? '#4F6F57');
    const drawing = cropped(fromBehind(look, x, stand.y, 0.96 + random.next() * 0.1), SCENE_HEIGHT);
    const visit: Visit = { from: from + shift, to: to + shift, origin: nearestEdge(x), phase: index * 0.31 };
    return { ...drawing, at: (second) => visiting(visit, second) };
  });
  const back: Visit = {
    from: away.to + shift,
    to: away.from + shift,
    origin: { dx: 1150 * LEFT.dx, dy: 0 },
    phase: 0.5,
  };
  const clerkLayer: Layer = {
    ...cropped(clerk(clerkLook, 955, 436, 1.06), COUNTER_TOP + 30),
    at: (second) => visiting(back, second),
  };
  return {
    background: tilted(tilt, deskBackground(options, palette, mirrored)),
    layers: [clerkLayer, deskForeground(palette, tilt, mirrored), ...citizens],
  };
}

function deskBackground(options: SceneOptions, palette: Palette, mirrored: boolean): string {
  const at = (x: number, width: number): number => (mirrored ? SCENE_WIDTH - x - width : x);
  return (
    room(palette, 510, COUNTER_BOTTOM) +
    board(palette, at(510, 900), 66, 900, 296) +
    shelf(palette, at(-30, 380), 216, 380, options.seed) +
    airConditioner(at(160, 250), 96) +
    postedProcedures(at(1506, 390), 106, 390) +
    plant(mirrored ? SCENE_WIDTH - 1520 : 1520, 545, 0.95) +
    chair(955, 516) +
    counterFront(palette, COUNTER_TOP, COUNTER_BOTTOM) +
    plate(955, 800, options.plate)
  );
}

/** The top of the counter and what stands on it hides the clerk's lap. */
function deskForeground(palette: Palette, tilt: number, mirrored: boolean): Layer {
  const monitorX = mirrored ? 725 : 1190;
  const svg =
    glass(478, 400, 954, 222) +
    counterTop(palette, COUNTER_TOP) +
    monitorBack(monitorX, 566) +
    papers(mirrored ? 1130 : 650, COUNTER_TOP + 38);
  return still(tilted(tilt, svg), { x: 0, y: 370, width: SCENE_WIDTH, height: 350 });
}

/** The hall of the Centre: three desks side by side. */
export function hallScene(options: SceneOptions): Scene {
  const palette = PALETTES[options.palette];
  const random = seeded(options.seed);
  const shirts = random.shuffle(SHIRTS);
  const desks = [330, 960, 1590];
  const clerks = desks.map((x, index): Layer => {
    const look = castClerk(random, index);
    const from = 17 * index + Math.floor(random.next() * 20);
    const to = from + 44 + index * 4;
    const drawing = cropped(clerk(look, x, 482, 0.74), 640);
    return { ...drawing, at: (second) => (present(from, to, second) ? fidget(second, index * 0.37, 6) : undefined) };
  });
  const citizens = [0, 1, 2, 3].map((index): Layer => {
    const x = [230, 1080, 1500, 760][index] ?? 230;
    const drawing = cropped(
      fromBehind(castLook(random, shirts[index] ?? '#41587A'), x, 700 + (index % 2) * 18, 0.74),
      SCENE_HEIGHT,
    );
    const from = random.next() * SCRIPT_SECONDS;
    const visit: Visit = { from, to: from + 20 + index * 7, origin: nearestEdge(x), phase: index * 0.27 };
    return { ...drawing, at: (second) => visiting(visit, second) };
  });
  const background =
    room(palette, 500, 900) +
    board(palette, 540, 66, 840, 280) +
    postedProcedures(1500, 100, 360) +
    airConditioner(120, 110) +
    plant(70, 560, 0.9) +
    plant(1860, 560, 0.9) +
    desks.map((x) => chair(x, 536, 0.72)).join('') +
    counterFront(palette, 620, 900) +
    desks.map((x, index) => plate(x, 792, `QUẦY SỐ ${index + 1}`, 44)).join('');
  const front =
    desks.map((x) => glass(x - 230, 420, 460, 202)).join('') +
    counterTop(palette, 620) +
    desks.map((x) => monitorBack(x + 150, 580, 0.72) + papers(x - 190, 656)).join('');
  const foreground = still(front, { x: 0, y: 400, width: SCENE_WIDTH, height: 300 });
  return { background, layers: [...clerks, foreground, ...citizens] };
}

export function still(svg: string, box: Layer['box']): Layer {
  return { svg, box, at: () => ({ dx: 0, dy: 0 }) };
}

/** Cuts a drawing off at a line: what is below is hidden anyway. */
export function cropped(drawing: Drawing, bottom: number): Drawing {
  const { box } = drawing;
  return { ...drawing, box: { ...box, height: Math.min(box.height, bottom - box.y) } };
}

export function nearestEdge(x: number): { dx: number; dy: number } {
  return { dx: x < SCENE_WIDTH / 2 ? -(x + 190) : SCENE_WIDTH + 190 - x, dy: 0 };
}

function tilted(degrees: number, svg: string): string {
  return `<g transform="rotate(${degrees} 960 540)">${svg}</g>`;
}
