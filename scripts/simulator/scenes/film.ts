import { FRAMES_PER_SECOND } from '../loop-clock.ts';
import { blend, type Picture } from './planes.ts';
import { renderPicture, renderSprite } from './render.ts';
import { SCRIPT_SECONDS, type Scene } from './scene.ts';

export interface FilmPicture {
  /** The first frame of the loop that shows this picture. */
  frame: number;
  picture: Picture;
}

/** Motion is drawn at half the frame rate: smooth enough for drawings, and half the pictures to encode. */
const FRAMES_PER_STEP = 2;

/**
 * The distinct pictures of a loop, in order; each lasts until the next one's frame. The same buffer is handed out every
 * time, so a picture must be used before the next is asked for.
 */
export function* film(scene: Scene, loopFrames: number): Generator<FilmPicture> {
  const background = renderPicture(scene.background);
  const layers = scene.layers.map((layer) => ({ layer, sprite: renderSprite(layer.svg, layer.box) }));
  const picture: Picture = { ...background, data: new Uint8Array(background.data.length) };
  const secondsPerFrame = SCRIPT_SECONDS / loopFrames;
  let shown = '';
  for (let frame = 0; frame < loopFrames; frame += FRAMES_PER_STEP) {
    const second =
      loopFrames < SCRIPT_SECONDS * FRAMES_PER_SECOND ? frame * secondsPerFrame : frame / FRAMES_PER_SECOND;
    const places = layers.map(({ layer }) => {
      const place = layer.at(second % SCRIPT_SECONDS);
      return place && { dx: even(place.dx), dy: even(place.dy) };
    });
    const key = places.map((place) => (place ? `${place.dx},${place.dy}` : '-')).join(' ');
    if (key === shown) continue;
    shown = key;
    picture.data.set(background.data);
    layers.forEach(({ sprite }, index) => {
      const place = places[index];
      if (place) blend(picture, sprite, place.dx, place.dy);
    });
    yield { frame, picture };
  }
}

function even(value: number): number {
  return Math.round(value / 2) * 2;
}
