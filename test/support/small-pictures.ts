import { execFileSync } from 'node:child_process';
import { composeScene } from '../../scripts/simulator/scenes/compose.ts';
import { renderPng } from '../../scripts/simulator/scenes/render.ts';
import type { SceneVariant } from '../../scripts/simulator/scenes/scene.ts';
import type { PictureInput } from '../../server/cameras/health/picture-policy.ts';

const pixels = 320 * 180;
const frameBytes = pixels * 1.5;

/** What ffmpeg makes of one input by each of several filters, with the noise of a sensor, as small pictures; one run for all. */
export function smallPictures<K extends string>(
  input: string[] | Buffer,
  filters: Record<K, string>,
): Record<K, PictureInput> {
  const all = Object.entries<string>(filters);
  const finish = 'noise=alls=5:allf=t+u,scale=320:180:flags=area,format=yuv420p,setsar=1';
  const graph = [
    `[0:v]scale=640:360,format=yuv420p,split=${all.length}${all.map((_, i) => `[i${i}]`).join('')}`,
    ...all.map(([, filter], i) => `[i${i}]${filter},scale=640:360,${finish}[o${i}]`),
    `${all.map((_, i) => `[o${i}]`).join('')}concat=n=${all.length}:v=1[out]`,
  ].join(';');
  const source = Buffer.isBuffer(input) ? ['-f', 'png_pipe', '-i', 'pipe:0'] : ['-t', '0.04', ...input];
  const raw = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      ...source,
      '-filter_complex',
      graph,
      '-map',
      '[out]',
      '-fps_mode',
      'passthrough',
      '-f',
      'rawvideo',
      'pipe:1',
    ],
    { maxBuffer: 2 ** 26, ...(Buffer.isBuffer(input) && { input }) },
  );
  if (raw.length !== all.length * frameBytes) throw new Error(`${raw.length / frameBytes} pictures of ${all.length}`);
  return Object.fromEntries(all.map(([name], i) => [name, pictureOf(raw.subarray(i * frameBytes))])) as Record<
    K,
    PictureInput
  >;
}

function pictureOf(frame: Buffer): PictureInput {
  let colour = 0;
  for (let i = pixels; i < frameBytes; i += 1) colour += Math.abs((frame[i] ?? 128) - 128);
  return { width: 320, height: 180, grey: frame.subarray(0, pixels), colour: colour / (pixels / 2) };
}

/** A scene of the simulated cameras as it looks in some second of its minute, with the people who are there then. */
export function drawnScene(variant: SceneVariant, second: number): Buffer {
  const scene = composeScene({ variant, palette: 'wood', plate: 'QUẦY SỐ 2', unit: 'Phường', seed: 3 });
  const people = scene.layers.map((layer) => {
    const place = layer.at(second);
    return place === undefined ? '' : `<g transform="translate(${place.dx} ${place.dy})">${layer.svg}</g>`;
  });
  return renderPng(scene.background + people.join(''));
}
