import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { type Picture, pictureOf, type Sprite, spriteOf } from './planes.ts';
import { type Box, SCENE_HEIGHT, SCENE_WIDTH } from './scene.ts';

/** Complete TrueType files: the renderer reads neither web fonts nor fonts split by script. */
const FONT_FILES = ['500Medium/BeVietnamPro_500Medium.ttf', '600SemiBold/BeVietnamPro_600SemiBold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/be-vietnam-pro/${file}`)),
);

const WHOLE: Box = { x: 0, y: 0, width: SCENE_WIDTH, height: SCENE_HEIGHT };

/** Draws SVG elements that fill the picture. */
export function renderPicture(svg: string): Picture {
  return pictureOf(renderSprite(svg, WHOLE));
}

/** Draws SVG elements (scene coordinates) into the pixels of `box`, with alpha. */
export function renderSprite(svg: string, box: Box): Sprite {
  return spriteOf(render(svg, box).pixels, box);
}

/** A still as PNG, to look at. */
export function renderPng(svg: string): Buffer {
  return render(svg, WHOLE).asPng();
}

function render(svg: string, box: Box) {
  const view = `${box.x} ${box.y} ${box.width} ${box.height}`;
  const document = `<svg xmlns="http://www.w3.org/2000/svg" width="${box.width}" height="${box.height}" viewBox="${view}">${svg}</svg>`;
  const font = { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: 'Be Vietnam Pro' };
  return new Resvg(document, { font }).render();
}
