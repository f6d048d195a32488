import { escapeXml } from '../onvif/soap.ts';
import type { Palette } from './palette.ts';

/** The things of a reception room, drawn in scene coordinates. */

export function text(x: number, y: number, size: number, fill: string, words: string, more = ''): string {
  return `<text x="${x}" y="${y}" font-family="Be Vietnam Pro" font-weight="600" font-size="${size}" fill="${fill}" text-anchor="middle" ${more}>${escapeXml(words)}</text>`;
}

export function rect(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${more}/>`;
}

/** Wall, ceiling edge, wainscot and a tiled floor from `floorY` down. */
export function room(palette: Palette, wainscotY: number, floorY: number): string {
  const tiles = [];
  for (let x = -1600; x <= 3600; x += 260) tiles.push(`M${960 + (x - 960) * 0.55} ${floorY} L${x} 1240`);
  for (let y = floorY + 38, step = 62; y < 1240; y += step, step *= 1.35) tiles.push(`M-100 ${y} H2020`);
  return (
    rect(-100, -100, 2120, 1400, palette.wall) +
    rect(-100, -100, 2120, 108, palette.ceiling) +
    rect(-100, 8, 2120, 6, palette.wainscot) +
    rect(-100, wainscotY, 2120, 800, palette.wainscot) +
    rect(-100, floorY, 2120, 500, palette.floor) +
    `<path d="${tiles.join(' ')}" stroke="${palette.floorLine}" stroke-width="4" fill="none"/>`
  );
}

/** The board behind the counters. */
export function board(palette: Palette, x: number, y: number, width: number, height: number): string {
  const middle = x + width / 2;
  const size = Math.min(66, width / 13);
  const first = y + height / 2 - size * 0.2;
  return (
    rect(x + 8, y + 10, width, height, '#000000', 'fill-opacity=".12"') +
    rect(x, y, width, height, palette.board) +
    text(middle, first, size, palette.boardText, 'BỘ PHẬN TIẾP NHẬN') +
    text(middle, first + size * 1.35, size, palette.boardText, 'VÀ TRẢ KẾT QUẢ')
  );
}

/** Posted procedures in a frame. */
export function postedProcedures(x: number, y: number, width: number): string {
  const height = width * 0.66;
  const sheets = [];
  const [columns, rows] = [4, 2];
  const sheetWidth = width * 0.2;
  const sheetHeight = height * 0.33;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const left = x + width * 0.06 + column * width * 0.228;
      const top = y + height * 0.22 + row * height * 0.37;
      sheets.push(rect(left, top, sheetWidth, sheetHeight, '#FDFDFB'));
      const lines = [0.2, 0.36, 0.52, 0.68, 0.84].map(
        (at, n) => `M${left + sheetWidth * 0.12} ${top + sheetHeight * at} h${sheetWidth * (n === 4 ? 0.4 : 0.76)}`,
      );
      sheets.push(`<path d="${lines.join(' ')}" stroke="#B5B4AE" stroke-width="3"/>`);
    }
  }
  return (
    rect(x, y, width, height, '#E9E2D2', 'stroke="#7B563B" stroke-width="9"') +
    rect(x + width * 0.06, y + height * 0.07, width * 0.88, height * 0.1, '#A4272E') +
    text(x + width / 2, y + height * 0.148, height * 0.075, '#FFF4DC', 'NIÊM YẾT THỦ TỤC HÀNH CHÍNH') +
    sheets.join('')
  );
}

const FILES = ['#35608F', '#8B3A3A', '#3F6E55', '#B8923F', '#6A6F78', '#74497C'] as const;

/** A shelf of files; `seed` decides their order. */
export function shelf(palette: Palette, x: number, y: number, width: number, seed: number): string {
  const rowHeight = 120;
  const parts = [rect(x, y, width, rowHeight * 3 + 14, palette.shelf)];
  for (let row = 0; row < 3; row++) {
    const top = y + 12 + row * rowHeight;
    parts.push(rect(x + 10, top, width - 20, rowHeight - 14, '#5F5D54'));
    let left = x + 18;
    for (let n = 0; left < x + width - 46; n++) {
      const kind = (seed * 7 + row * 5 + n * 3 + ((n * n) % 5)) % 11;
      const fileWidth = kind % 3 === 0 ? 20 : 30;
      if (kind !== 10) {
        parts.push(rect(left, top + 12, fileWidth, rowHeight - 28, FILES[kind % FILES.length] ?? FILES[0]));
        parts.push(rect(left + 5, top + 26, fileWidth - 10, 22, '#F0EDE4'));
      }
      left += fileWidth + 4;
    }
  }
  return parts.join('');
}

export function plant(x: number, y: number, scale = 1): string {
  const leaf = (path: string, fill: string): string => `<path d="${path}" fill="${fill}"/>`;
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})">` +
    leaf('M-6 0 C-70 -40 -86 -110 -84 -150 C-40 -120 -10 -60 -2 0 Z', '#5F8F66') +
    leaf('M6 0 C70 -40 86 -110 84 -146 C40 -118 10 -60 2 0 Z', '#4C7C54') +
    leaf('M0 0 C-34 -70 -30 -150 0 -200 C30 -150 34 -70 0 0 Z', '#6BA072') +
    leaf('M0 0 C-50 -30 -110 -50 -124 -74 C-80 -84 -20 -50 0 0 Z', '#568A5E') +
    '<path d="M-38 -6 H38 L28 86 H-28 Z" fill="#96664A"/><path d="M-42 -10 H42 V8 H-42 Z" fill="#A87556"/></g>'
  );
}

export function airConditioner(x: number, y: number): string {
  return (
    rect(x, y, 250, 84, '#F4F5F3', 'rx="12" stroke="#CBCFCF" stroke-width="3"') +
    `<path d="M${x + 18} ${y + 62} h214 M${x + 18} ${y + 72} h214" stroke="#C4C8C9" stroke-width="4"/>` +
    rect(x + 206, y + 18, 26, 8, '#9DB8A4', 'rx="3"')
  );
}

export function chair(x: number, y: number, scale = 1): string {
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})">` +
    '<rect x="-112" y="-92" width="224" height="190" rx="46" fill="#3F464F"/><rect x="-84" y="-68" width="168" height="142" rx="32" fill="#4D555F"/>' +
    '<rect x="-14" y="96" width="28" height="60" fill="#33393F"/></g>'
  );
}

/** A monitor seen from behind. */
export function monitorBack(x: number, y: number, scale = 1): string {
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})">` +
    '<rect x="-12" y="60" width="24" height="34" fill="#23272C"/><rect x="-46" y="88" width="92" height="10" rx="4" fill="#23272C"/>' +
    '<rect x="-96" y="-60" width="192" height="124" rx="8" fill="#2B3036"/><rect x="-86" y="-50" width="172" height="104" rx="5" fill="#3F454D"/>' +
    '<circle cx="0" cy="2" r="10" fill="#59616B"/></g>'
  );
}

/** A monitor seen from the front, as from behind the counter. */
export function monitorFront(x: number, y: number, scale = 1): string {
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})">` +
    '<rect x="-12" y="70" width="24" height="34" fill="#23272C"/><rect x="-52" y="98" width="104" height="12" rx="4" fill="#23272C"/>' +
    '<rect x="-116" y="-74" width="232" height="150" rx="8" fill="#23272C"/><rect x="-106" y="-64" width="212" height="130" fill="#9CC0D6"/>' +
    '<rect x="-88" y="-48" width="110" height="14" fill="#33647F"/><path d="M-88 -16 h150 M-88 4 h120 M-88 24 h150 M-88 44 h90" stroke="#5E8CA6" stroke-width="7"/></g>'
  );
}

export function papers(x: number, y: number): string {
  return `<path d="M${x} ${y} l56 -18 l66 6 l-6 18 l-76 14 z" fill="#FFFFFF"/><path d="M${x} ${y} l40 20 l76 -14 l4 6 l-78 16 z" fill="#DAD9D3"/>`;
}

/** The plate with the desk's name. */
export function plate(x: number, y: number, words: string, size = 58): string {
  const width = Math.max(size * 6.2, words.length * size * 0.68 + size);
  const height = size * 1.7;
  return (
    rect(x - width / 2, y - height / 2, width, height, '#163E7C', 'rx="6" stroke="#E6EDF6" stroke-width="4"') +
    text(x, y + size * 0.36, size, '#FFFFFF', words)
  );
}

export function glass(x: number, y: number, width: number, height: number): string {
  return (
    rect(x, y, width, height, '#FFFFFF', 'fill-opacity=".12" stroke="#FFFFFF" stroke-opacity=".65" stroke-width="5"') +
    `<path d="M${x + width * 0.08} ${y + height} L${x + width * 0.24} ${y} h${width * 0.05} L${x + width * 0.13} ${y + height} Z" fill="#FFFFFF" fill-opacity=".10"/>`
  );
}

/** A counter from wall to wall, its top at `top`. */
export function counterFront(palette: Palette, top: number, bottom: number): string {
  const seams = [];
  for (let x = -60; x < 2000; x += 345) seams.push(`M${x} ${top + 70} V${bottom}`);
  return (
    rect(-100, top + 60, 2120, bottom - top - 60, palette.counterFront) +
    `<path d="${seams.join(' ')}" stroke="${palette.counterLine}" stroke-width="6"/>` +
    rect(-100, bottom - 28, 2120, 30, palette.counterLine)
  );
}

export function counterTop(palette: Palette, top: number): string {
  return (
    rect(-100, top, 2120, 62, palette.counterTop) +
    rect(-100, top, 2120, 4, '#FFFFFF', 'fill-opacity=".45"') +
    rect(-100, top + 54, 2120, 14, palette.counterLine)
  );
}

/** The ticket machine of a waiting area. */
export function ticketMachine(x: number, y: number, scale = 1): string {
  return (
    `<g transform="translate(${x} ${y}) scale(${scale})">` +
    rect(-75, -150, 150, 420, '#25497F', 'rx="12"') +
    rect(-56, -126, 112, 96, '#A9D3E6', 'rx="5"') +
    text(0, -70, 30, '#163E7C', 'LẤY SỐ') +
    `${rect(-40, 4, 80, 14, '#10284A', 'rx="4"')}${rect(-22, 12, 44, 46, '#F7F7F2')}</g>`
  );
}
