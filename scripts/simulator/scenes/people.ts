import type { Random } from './random.ts';
import type { Box } from './scene.ts';

/** People as drawings: from behind at the counter, from the front behind it, seated, and walking. */

export interface Look {
  shirt: string;
  trousers: string;
  hair: string;
  skin: string;
  style: 'short' | 'long' | 'bun';
  bag: boolean;
}

export const SHIRTS = ['#4F6F57', '#A08648', '#41587A', '#8B4A44', '#6B5A80', '#5B7187', '#9A6B45', '#3F6E74'] as const;
const DARK_HAIRS = ['#1F1B1A', '#171614', '#2B2422', '#3A2A22'] as const;
const HAIRS = [...DARK_HAIRS, ...DARK_HAIRS, '#8D8C88'] as const;
const SKINS = ['#E2B590', '#D6A47E', '#E9C19E'] as const;

export function castLook(random: Random, shirt: string): Look {
  return {
    shirt,
    trousers: random.pick(['#2C3440', '#3A3632', '#27313B']),
    hair: random.pick(HAIRS),
    skin: random.pick(SKINS),
    style: random.pick(['short', 'short', 'long', 'long', 'bun']),
    bag: random.next() < 0.35,
  };
}

/** Clerks wear white or light blue and are of working age; neighbours differ in hair. */
export function castClerk(random: Random, index = Math.floor(random.next() * 3)): Look {
  const styles = ['short', 'long', 'bun'] as const;
  return {
    ...castLook(random, random.pick(['#DCE7F2', '#F4F7FA', '#CFE0F0'])),
    hair: random.pick(DARK_HAIRS),
    style: styles[index % styles.length] ?? 'short',
    bag: false,
  };
}

export interface Drawing {
  svg: string;
  box: Box;
}

/** Draws at a point, scaled, and tells the even box that holds it. Extents are in the drawing's own units. */
function place(inner: string, x: number, y: number, scale: number, extent: Box): Drawing {
  const even = (value: number): number => Math.floor(value / 2) * 2;
  const left = even(x + extent.x * scale);
  const top = even(y + extent.y * scale);
  return {
    svg: `<g transform="translate(${x} ${y}) scale(${scale})">${inner}</g>`,
    box: { x: left, y: top, width: even(extent.width * scale) + 4, height: even(extent.height * scale) + 4 },
  };
}

/** From behind, waiting at the counter; the point is the middle of the head. */
export function fromBehind(look: Look, x: number, y: number, scale = 1): Drawing {
  const shade = darker(look.shirt);
  const body =
    `<path d="M-96 470 L-88 640 L-10 640 L0 520 L10 640 L88 640 L96 470 Z" fill="${look.trousers}"/>` +
    `<rect x="-30" y="60" width="60" height="60" rx="20" fill="${look.skin}"/>` +
    `<path d="M-128 490 C-134 300 -124 180 -84 130 C-64 108 -40 102 0 102 C40 102 64 108 84 130 C124 180 134 300 128 490 C80 506 -80 506 -128 490 Z" fill="${look.shirt}"/>` +
    `<path d="M-76 236 L-82 482 M76 236 L82 482" stroke="${shade}" stroke-width="12" stroke-linecap="round" fill="none"/>`;
  const bag = look.bag
    ? `<path d="M34 112 L-92 372" stroke="#3E2E23" stroke-width="16" fill="none"/><rect x="-142" y="356" width="96" height="84" rx="16" fill="#4A3527"/><rect x="-142" y="356" width="96" height="30" rx="14" fill="#5A4231"/>`
    : '';
  return place(body + bag + headFromBehind(look), x, y, scale, { x: -150, y: -96, width: 300, height: 740 });
}

function headFromBehind({ hair, skin, style }: Look): string {
  const ears = `<ellipse cx="-68" cy="14" rx="13" ry="20" fill="${skin}"/><ellipse cx="68" cy="14" rx="13" ry="20" fill="${skin}"/>`;
  if (style === 'long') {
    return `<path d="M-72 -10 C-72 -108 72 -108 72 -10 L86 138 C40 160 -40 160 -86 138 Z" fill="${hair}"/><path d="M-20 -60 C-26 20 -26 80 -30 140 M24 -60 C30 20 30 80 34 140" stroke="#ffffff" stroke-opacity=".06" stroke-width="6" fill="none"/>`;
  }
  const head = `${ears}<ellipse cx="0" cy="-4" rx="68" ry="82" fill="${hair}"/>`;
  if (style === 'bun')
    return `${head}<circle cx="0" cy="-64" r="34" fill="${hair}"/><path d="M-34 -50 Q0 -34 34 -50" stroke="#A4272E" stroke-width="8" fill="none"/>`;
  return head;
}

/** A clerk from the front, seated behind the counter, with badge; the point is the middle of the head. */
export function clerk(look: Look, x: number, y: number, scale = 1): Drawing {
  const badge =
    '<path d="M-32 92 L0 132 L32 92" stroke="#2A5AA5" stroke-width="9" fill="none"/>' +
    '<rect x="-21" y="126" width="42" height="42" rx="4" fill="#FFFFFF" stroke="#9AA7B8" stroke-width="2"/>' +
    '<rect x="-21" y="126" width="42" height="11" rx="3" fill="#2A5AA5"/><rect x="-15" y="141" width="13" height="17" fill="#D9B393"/>' +
    '<path d="M3 145 h13 M3 152 h13 M3 159 h8" stroke="#8592A3" stroke-width="3"/>';
  const body =
    `<path d="M-150 330 C-156 210 -140 136 -84 112 L-32 92 L32 92 L84 112 C140 136 156 210 150 330 Z" fill="${look.shirt}"/>` +
    `<path d="M-92 200 L-98 330 M92 200 L98 330" stroke="${darker(look.shirt)}" stroke-width="9" stroke-linecap="round" fill="none"/>` +
    `<path d="M-26 52 L-26 92 Q0 118 26 92 L26 52 Z" fill="${darker(look.skin)}"/>` +
    '<path d="M-34 90 L0 130 L34 90 L50 108 L10 148 L0 134 L-10 148 L-50 108 Z" fill="#FFFFFF"/>';
  const svg = hairBehind(look) + body + badge + face(look);
  return place(svg, x, y, scale, { x: -162, y: -92, width: 324, height: 426 });
}

function face({ skin, hair, style }: Look): string {
  const head =
    `<ellipse cx="-56" cy="8" rx="10" ry="15" fill="${darker(skin)}"/><ellipse cx="56" cy="8" rx="10" ry="15" fill="${darker(skin)}"/>` +
    `<ellipse cx="0" cy="6" rx="56" ry="66" fill="${skin}"/>`;
  const features =
    '<path d="M-32 -6 q10 -7 20 0 M12 -6 q10 -7 20 0" stroke="#3A2C24" stroke-width="4" fill="none" stroke-linecap="round"/>' +
    '<circle cx="-22" cy="8" r="4.5" fill="#2A211C"/><circle cx="22" cy="8" r="4.5" fill="#2A211C"/>' +
    '<path d="M-14 40 q14 9 28 0" stroke="#A5705A" stroke-width="4" fill="none" stroke-linecap="round"/>';
  const fringe =
    style === 'short'
      ? `<path d="M-60 -2 C-70 -86 70 -92 60 -2 C56 -30 40 -44 8 -46 C-20 -46 -48 -36 -60 -2 Z" fill="${hair}"/>`
      : `<path d="M-62 26 C-74 -88 74 -88 62 26 C58 -22 34 -44 4 -46 C-34 -40 -56 -18 -62 26 Z" fill="${hair}"/>`;
  return head + features + fringe;
}

function hairBehind({ hair, style }: Look): string {
  if (style === 'short') return '';
  if (style === 'bun') return `<circle cx="0" cy="-64" r="30" fill="${hair}"/>`;
  return `<path d="M-66 0 C-76 -96 76 -96 66 0 L74 112 Q0 140 -74 112 Z" fill="${hair}"/>`;
}

/** Seated in the waiting area, seen from the front; the point is the middle of the head. */
export function seated(look: Look, x: number, y: number, scale = 1, paper = false): Drawing {
  const svg =
    hairBehind(look) +
    `<path d="M-84 300 L-84 440 L-20 440 L-8 330 L8 330 L20 440 L84 440 L84 300 Z" fill="${look.trousers}"/>` +
    `<path d="M-96 320 C-104 190 -92 116 -52 96 L52 96 C92 116 104 190 96 320 Z" fill="${look.shirt}"/>` +
    `<rect x="-22" y="54" width="44" height="52" rx="14" fill="${darker(look.skin)}"/>` +
    face(look) +
    `<path d="M-70 180 L-60 288 L0 300 M70 180 L60 288 L0 300" stroke="${darker(look.shirt)}" stroke-width="14" stroke-linecap="round" stroke-linejoin="round" fill="none"/>` +
    (paper
      ? '<rect x="-42" y="236" width="84" height="62" rx="4" fill="#F3F2EC"/><path d="M-28 254 h56 M-28 270 h56 M-28 284 h36" stroke="#A9ADB3" stroke-width="5"/>'
      : '');
  return place(svg, x, y, scale, { x: -106, y: -96, width: 212, height: 540 });
}

/** Standing or walking, seen from the front; the point is the middle of the head. */
export function standing(look: Look, x: number, y: number, scale = 1): Drawing {
  const svg =
    hairBehind(look) +
    `<path d="M-74 380 L-66 690 L-14 690 L0 440 L14 690 L66 690 L74 380 Z" fill="${look.trousers}"/>` +
    '<path d="M-72 686 h60 v22 h-66 z M72 686 h-60 v22 h66 z" fill="#1D1F23"/>' +
    `<path d="M-96 400 C-108 220 -100 122 -52 98 L52 98 C100 122 108 220 96 400 Z" fill="${look.shirt}"/>` +
    `<path d="M-70 210 L-76 396 M70 210 L76 396" stroke="${darker(look.shirt)}" stroke-width="11" stroke-linecap="round" fill="none"/>` +
    `<rect x="-22" y="54" width="44" height="52" rx="14" fill="${darker(look.skin)}"/>` +
    face(look);
  return place(svg, x, y, scale, { x: -112, y: -96, width: 224, height: 810 });
}

/** The same colour, a fifth darker. */
export function darker(colour: string): string {
  const parts = [1, 3, 5].map((at) => Math.round(Number.parseInt(colour.slice(at, at + 2), 16) * 0.8));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
