import { deskScene, hallScene } from './desk.ts';
import { rect, text } from './furniture.ts';
import { entranceScene, waitingScene } from './lobby.ts';
import type { Scene, SceneOptions, SceneVariant } from './scene.ts';

/** Raise when the drawings change: cached clips of older drawings are then made anew. */
export const DRAWING_VERSION = 4;

const VARIANTS: Readonly<Record<SceneVariant, (options: SceneOptions) => Scene>> = {
  desk: deskScene,
  hall: hallScene,
  waiting: waitingScene,
  entrance: entranceScene,
};

/** The scene that the options describe, with the labels that say where it is and that it is simulated. */
export function composeScene(options: SceneOptions): Scene {
  const scene = VARIANTS[options.variant](options);
  return { ...scene, layers: [...scene.layers, ...labels(options)] };
}

/** No time is drawn: the picture is a loop, and a clock in it would lie. */
function labels(options: SceneOptions): Scene['layers'] {
  const right = `${options.unit} · ${options.plate}`;
  const width = Math.min(1300, labelWidth(right));
  const place = () => ({ dx: 0, dy: 0 });
  return [
    {
      svg: rect(20, 16, 286, 66, '#10161D', 'fill-opacity=".82" rx="4"') + text(163, 64, 44, '#FFFFFF', 'MÔ PHỎNG'),
      box: { x: 20, y: 16, width: 286, height: 66 },
      at: place,
    },
    {
      svg:
        rect(1900 - width, 16, width, 66, '#10161D', 'fill-opacity=".6" rx="4"') +
        text(1900 - width / 2, 62, 36, '#FFFFFF', right),
      box: { x: 1900 - width, y: 16, width, height: 66 },
      at: place,
    },
  ];
}

/** Capitals are wider than small letters; even, as every box of a layer is. */
function labelWidth(words: string): number {
  const letters = [...words].map((letter) => (letter !== letter.toLocaleLowerCase('vi') ? 26 : 19));
  return Math.ceil((letters.reduce((sum, width) => sum + width, 0) + 48) / 2) * 2;
}
