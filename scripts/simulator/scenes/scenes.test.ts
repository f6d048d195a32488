import { describe, expect, it } from 'vitest';
import { castScene } from './casting.ts';
import { composeScene } from './compose.ts';
import { film } from './film.ts';
import { blend, pictureOf, spriteOf } from './planes.ts';
import { SCENE_HEIGHT, SCENE_VARIANTS, SCENE_WIDTH, type SceneOptions } from './scene.ts';
import { visiting } from './script.ts';

const options: SceneOptions = {
  variant: 'desk',
  palette: 'wood',
  plate: 'QUẦY SỐ 2',
  unit: 'Phường Thử & Nghiệm',
  seed: 3,
};

/** How many people are to be seen at every second of the minute. */
function crowd(scene: ReturnType<typeof composeScene>): number[] {
  return Array.from({ length: 60 }, (_, second) => scene.layers.filter((layer) => layer.at(second)).length);
}

describe('the scenes of the simulated cameras', () => {
  it.each(SCENE_VARIANTS)('%s says that it is simulated, carries its plate, and changes over the minute', (variant) => {
    const scene = composeScene({ ...options, variant });
    const all = scene.background + scene.layers.map((layer) => layer.svg).join('');
    expect(all).toContain('MÔ PHỎNG');
    expect(all).toContain('QUẦY SỐ 2');
    expect(all).not.toContain('Thử & Nghiệm');
    expect(new Set(crowd(scene)).size).toBeGreaterThan(1);
  });

  it('are the same for the same options, and differ between the cameras of a fleet', () => {
    const drawn = (index: number): string => {
      const { background, layers } = composeScene(castScene(index, 'Quầy số 1', 'Phường Thử'));
      return background + layers.map((layer) => layer.svg).join('');
    };
    expect(drawn(0)).toBe(drawn(0));
    expect(new Set(Array.from({ length: 12 }, (_, index) => drawn(index))).size).toBe(12);
  });

  it('keep every layer on even pixels, as 4:2:0 pictures need', () => {
    for (let index = 0; index < 12; index++) {
      for (const variant of SCENE_VARIANTS) {
        for (const { box } of composeScene({ ...castScene(index, 'Q', 'P'), variant }).layers) {
          expect(Object.values(box).map((side) => Math.abs(side % 2))).toEqual([0, 0, 0, 0]);
        }
      }
    }
  });

  it('show a desk at which the clerk is there, is away, has a queue, and has nobody', () => {
    for (let seed = 0; seed < 12; seed++) {
      const [clerk, , ...others] = composeScene({ ...options, seed }).layers;
      const citizens = others.slice(0, -2);
      const moments = Array.from({ length: 60 }, (_, second) => ({
        clerk: clerk?.at(second) !== undefined,
        waiting: citizens.filter((layer) => layer.at(second)).length,
      }));
      expect(moments.some((moment) => moment.clerk && moment.waiting === 1)).toBe(true);
      expect(moments.some((moment) => !moment.clerk && moment.waiting >= 2)).toBe(true);
      expect(moments.some((moment) => moment.waiting === 0)).toBe(true);
    }
  });

  it('move without a jump, over the end of the minute too', () => {
    const visit = { from: 49, to: 22, origin: { dx: -800, dy: 0 }, phase: 0.3 };
    for (let step = 0; step < 60 * 25; step++) {
      const [a, b] = [visiting(visit, step / 25), visiting(visit, ((step + 1) / 25) % 60)];
      if (a && b) expect(Math.abs(a.dx - b.dx)).toBeLessThan(30);
      else if (a || b) expect(Math.abs((a ?? b)?.dx ?? 0)).toBeGreaterThan(750);
    }
  });
});

describe('a film of a scene', () => {
  it('gives a picture only when something moved, with people where the script puts them', () => {
    const person = { svg: '<rect width="20" height="20" fill="#fff"/>', box: { x: 0, y: 0, width: 20, height: 20 } };
    const scene = {
      background: `<rect width="${SCENE_WIDTH}" height="${SCENE_HEIGHT}" fill="#000"/>`,
      layers: [{ ...person, at: (second: number) => (second >= 30 ? { dx: 100, dy: 50 } : undefined) }],
    };
    const pictures = [...film(scene, 1500)].map(({ frame, picture }) => ({
      frame,
      luma: picture.data[60 * SCENE_WIDTH + 110],
    }));
    expect(pictures.map(({ frame }) => frame)).toEqual([0, 750]);
    // The generator hands out one buffer, so both rows tell of the last picture.
    expect(pictures[1]?.luma).toBe(235);
  });
});

describe('laying a sprite over a picture', () => {
  const box = { x: 0, y: 0, width: 4, height: 4 };
  const filled = (rgba: readonly number[]) =>
    spriteOf(
      Uint8Array.from({ length: 64 }, (_, i) => rgba[i % 4] ?? 0),
      box,
    );

  it('mixes by alpha in limited range, and cuts off what is outside', () => {
    const picture = pictureOf(filled([0, 0, 0, 255]));
    expect(picture.data.subarray(0, 16)).toEqual(new Uint8Array(16).fill(16));
    blend(picture, filled([128, 128, 128, 128]), 2, 2);
    const rows = [0, 1, 2, 3].map((row) => [...picture.data.subarray(row * 4, row * 4 + 4)]);
    expect(rows).toEqual([
      [16, 16, 16, 16],
      [16, 16, 16, 16],
      [16, 16, 126, 126],
      [16, 16, 126, 126],
    ]);
    expect([...picture.data.subarray(16)]).toEqual(new Array(8).fill(128));
  });
});
