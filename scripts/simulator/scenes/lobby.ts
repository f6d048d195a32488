import { cropped, nearestEdge, still } from './desk.ts';
import {
  airConditioner,
  counterTop,
  monitorFront,
  papers,
  plant,
  plate,
  postedProcedures,
  rect,
  room,
  text,
  ticketMachine,
} from './furniture.ts';
import { PALETTES, type Palette } from './palette.ts';
import { castClerk, castLook, clerk, fromBehind, SHIRTS, seated, standing } from './people.ts';
import { seeded } from './random.ts';
import { type Layer, SCENE_HEIGHT, SCENE_WIDTH, SCRIPT_SECONDS, type Scene, type SceneOptions } from './scene.ts';
import { fidget, present, type Visit, visiting } from './script.ts';

/** The waiting area, seen from above the counter. */
export function waitingScene(options: SceneOptions): Scene {
  const palette = PALETTES[options.palette];
  const random = seeded(options.seed);
  const rows = [
    { y: 560, scale: 0.6, xs: [560, 720, 880, 1040, 1200, 1360] },
    { y: 676, scale: 0.76, xs: [470, 672, 874, 1076, 1278, 1480] },
  ];
  const layers: Layer[] = [];
  for (const row of rows) {
    layers.push(still(bench(row.xs, row.y, row.scale), { x: 380, y: row.y, width: 1200, height: 360 }));
    for (const x of row.xs) {
      if (random.next() < 0.25) continue;
      const look = castLook(random, random.pick(SHIRTS));
      const drawing = seated(look, x, row.y, row.scale, random.next() < 0.3);
      const from = random.next() * SCRIPT_SECONDS;
      const to = from + 24 + random.next() * 34;
      const phase = random.next();
      layers.push({ ...drawing, at: (second) => (present(from, to, second) ? fidget(second, phase, 6) : undefined) });
    }
  }
  for (const [index, x] of [1730, 250].entries()) {
    const from = random.next() * SCRIPT_SECONDS;
    const visit: Visit = { from, to: from + 18 + index * 6, origin: nearestEdge(x), phase: index * 0.4 };
    const drawing = cropped(standing(castLook(random, random.pick(SHIRTS)), x, 590, 0.8), SCENE_HEIGHT);
    layers.push({ ...drawing, at: (second) => visiting(visit, second) });
  }
  layers.push(still(nearCounter(palette, options.plate), { x: 0, y: 800, width: SCENE_WIDTH, height: 280 }));
  const officer = cropped(fromBehind(castClerk(random), 900, 960, 0.9), SCENE_HEIGHT);
  const shift = Math.floor(random.next() * SCRIPT_SECONDS);
  layers.push({
    ...officer,
    at: (second) => (present(shift, shift + 42, second) ? fidget(second, 0.2, 8) : undefined),
  });
  return { background: waitingBackground(palette), layers };
}

function waitingBackground(palette: Palette): string {
  return (
    room(palette, 470, 640) +
    postedProcedures(150, 108, 430) +
    window(palette, 690, 96, 480, 390) +
    airConditioner(1260, 120) +
    plant(1850, 560, 1.1) +
    ticketMachine(1640, 420, 0.9) +
    plant(80, 590, 0.9)
  );
}

function window(palette: Palette, x: number, y: number, width: number, height: number): string {
  const bottom = y + height;
  return (
    rect(x, y, width, height, '#D5E6EC') +
    `<path d="M${x} ${bottom} V${bottom - 110} Q${x + width * 0.3} ${bottom - 190} ${x + width * 0.55} ${bottom - 110} T${x + width} ${bottom - 130} V${bottom} Z" fill="#9DB98F"/>` +
    `<path d="M${x} ${bottom} V${bottom - 50} Q${x + width * 0.4} ${bottom - 110} ${x + width} ${bottom - 60} V${bottom} Z" fill="#86A67B"/>` +
    `<path d="M${x} ${y} h${width} v${height} h${-width} z M${x + width / 2} ${y} v${height}" stroke="#6E7B84" stroke-width="12" fill="none"/>` +
    rect(x - 16, bottom, width + 32, 16, palette.wainscot)
  );
}

function bench(xs: readonly number[], headY: number, scale: number): string {
  const first = xs[0] ?? 0;
  const last = xs.at(-1) ?? 0;
  const seatY = headY + 312 * scale;
  const seats = xs.map((x) => {
    const width = 172 * scale;
    return (
      rect(x - width / 2, headY + 96 * scale, width, 210 * scale, '#7E8FA0', `rx="${22 * scale}"`) +
      rect(x - width / 2, seatY, width, 46 * scale, '#6B7C8D', `rx="${12 * scale}"`)
    );
  });
  const legs = [first, last].map((x) => rect(x - 6, seatY + 40 * scale, 12, 96 * scale, '#4B565F'));
  return (
    seats.join('') + rect(first - 60, seatY + 40 * scale, last - first + 120, 14 * scale, '#4B565F') + legs.join('')
  );
}

function nearCounter(palette: Palette, words: string): string {
  return (
    `<g transform="translate(0 260)">${counterTop(palette, 690)}</g>` +
    rect(-10, 1012, 1940, 80, palette.counterFront) +
    monitorFront(560, 880, 0.96) +
    monitorFront(1360, 880, 0.96) +
    papers(300, 990) +
    papers(1080, 990) +
    plate(1690, 1036, words, 40)
  );
}

/** The entrance: glass doors, a guidance desk and the ticket machine. */
export function entranceScene(options: SceneOptions): Scene {
  const palette = PALETTES[options.palette];
  const random = seeded(options.seed);
  const shirts = random.shuffle(SHIRTS);
  const shift = Math.floor(random.next() * SCRIPT_SECONDS);
  const guide: Layer = {
    ...cropped(clerk(castClerk(random), 1560, 540, 0.8), 716),
    at: (second) => (present(shift, shift + 44, second) ? fidget(second, 0.3, 8) : undefined),
  };
  const visitors = [430, 760, 1120, 1290].map((x, index): Layer => {
    const drawing = cropped(
      standing(castLook(random, shirts[index] ?? '#41587A'), x, 420 + index * 22, 0.8),
      SCENE_HEIGHT,
    );
    const from = index * 15 + random.next() * 10;
    const visit: Visit = { from, to: from + 12 + index * 5, origin: nearestEdge(x), phase: index * 0.29 };
    return { ...drawing, at: (second) => visiting(visit, second) };
  });
  const background =
    room(palette, 500, 800) +
    door(700, 190, 520, 610) +
    rect(780, 108, 360, 68, palette.board, 'rx="6"') +
    text(960, 158, 46, palette.boardText, 'LỐI VÀO') +
    postedProcedures(110, 120, 430) +
    airConditioner(1500, 110) +
    plant(620, 720, 1) +
    plant(1296, 720, 1) +
    ticketMachine(250, 560, 1) +
    `<path d="M760 812 H1160 L1230 900 H690 Z" fill="#5D5A55"/>`;
  const front =
    rect(1330, 690, 460, 40, palette.counterTop, 'rx="4"') +
    rect(1344, 728, 432, 220, palette.counterFront) +
    rect(1344, 728, 432, 12, palette.counterLine) +
    plate(1560, 836, options.plate, 40) +
    papers(1380, 706);
  const table = still(front, { x: 1320, y: 660, width: 480, height: 300 });
  return { background, layers: [guide, table, ...visitors] };
}

function door(x: number, y: number, width: number, height: number): string {
  const middle = x + width / 2;
  const leaf = (left: number): string =>
    rect(left, y + 14, width / 2 - 14, height - 14, '#CFE3EA', 'stroke="#5E6B75" stroke-width="10"') +
    `<path d="M${left + 30} ${y + height} L${left + 120} ${y + 20} h40 L${left + 70} ${y + height} Z" fill="#FFFFFF" fill-opacity=".35"/>`;
  return (
    rect(x, y, width, height, '#5E6B75') +
    leaf(x + 10) +
    leaf(middle + 4) +
    `<path d="M${x + 20} ${y + height - 130} Q${x + 140} ${y + height - 210} ${middle - 14} ${y + height - 150} V${y + height - 8} H${x + 20} Z" fill="#8DAA80" fill-opacity=".75"/>` +
    `<path d="M${middle + 14} ${y + height - 170} Q${middle + 130} ${y + height - 230} ${x + width - 20} ${y + height - 140} V${y + height - 8} H${middle + 14} Z" fill="#8DAA80" fill-opacity=".75"/>` +
    `<path d="M${middle - 18} ${y + 250} v130 M${middle + 18} ${y + 250} v130" stroke="#3E474E" stroke-width="10" stroke-linecap="round"/>`
  );
}
