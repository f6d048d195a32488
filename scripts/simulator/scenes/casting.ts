import { PALETTE_NAMES, SCENE_VARIANTS, type SceneOptions } from './scene.ts';

/** A scene for the n-th camera of a fleet whose description leaves the choice open: neighbours differ. */
export function castScene(index: number, plate: string, unit: string): SceneOptions {
  const palette = PALETTE_NAMES[index % PALETTE_NAMES.length] ?? PALETTE_NAMES[0];
  const variant = index % 6 === 5 ? (SCENE_VARIANTS[2 + (Math.floor(index / 6) % 2)] ?? 'waiting') : 'desk';
  return { variant, palette, plate: plate.toLocaleUpperCase('vi'), unit, seed: index };
}
