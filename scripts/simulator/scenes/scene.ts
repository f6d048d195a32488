/** What a simulated camera looks at: a still background and layers that come, go and move within one minute. */

export const SCENE_WIDTH = 1920;
export const SCENE_HEIGHT = 1080;
/** The scripts of the scenes are written for one minute; a shorter loop plays the same minute faster. */
export const SCRIPT_SECONDS = 60;

export const SCENE_VARIANTS = ['desk', 'hall', 'waiting', 'entrance'] as const;
export type SceneVariant = (typeof SCENE_VARIANTS)[number];

export const PALETTE_NAMES = ['blue', 'wood', 'teal', 'red', 'slate', 'sand'] as const;
export type PaletteName = (typeof PALETTE_NAMES)[number];

/** All that decides a scene: the same options always draw the same pictures. */
export interface SceneOptions {
  variant: SceneVariant;
  palette: PaletteName;
  /** The plate on the counter, such as "QUẦY SỐ 2"; drawn in capitals as it is given. */
  plate: string;
  /** The name of the unit, drawn small on the label of the simulation. */
  unit: string;
  /** Chooses people, their clothes and the script of the minute. */
  seed: number;
}

/** A rectangle in scene pixels; every side is even, since pictures are 4:2:0. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layer {
  /** SVG elements in scene coordinates, drawn inside `box`. */
  svg: string;
  box: Box;
  /** Where the layer is at this second of the minute, as an offset in pixels, or undefined while it is not there. */
  at(second: number): { dx: number; dy: number } | undefined;
}

export interface Scene {
  /** SVG elements that fill the picture. */
  background: string;
  /** From back to front. */
  layers: Layer[];
}
