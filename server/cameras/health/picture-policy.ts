import { type GreyPicture, laplacianVariance, quantile, shrunk, spreadOf, withoutShading } from './grey-picture.ts';
import { bestShift, detailLeft, likeness } from './scene-compare.ts';

/** A camera's picture as it is decoded for judging: 320×180, with how much colour it has. */
export interface PictureInput extends GreyPicture {
  colour: number;
}

/** Day is with colour, night without it: in the infrared, and with a camera that never has any. */
export type LightKind = 'day' | 'night';

/** What of a picture is compared; that of the reference is kept. */
export interface Signature {
  kind: LightKind;
  /** Half the size of what was decoded: 160×90. */
  picture: GreyPicture;
  mean: number;
  deviation: number;
  /** Fine detail against all differences of brightness, so that light changes nothing in it. */
  sharpness: number;
}

/** What a single picture shows. `good` says that it was looked at for all that can be judged. */
export type PictureSign = 'good' | 'dark' | 'covered' | 'out_of_focus' | 'moved';

export interface PictureVerdict {
  sign: PictureSign;
  /** Whether focus and place were judged, which takes a reference of the same kind of light. */
  compared: boolean;
}

export const pictureLimits = {
  /** Dark: no light anywhere but in a few pixels (16 is black). */
  darkMean: 30,
  darkBright: 48,
  /** Blocks with less than this deviation, shading left out, show nothing; in dim pictures less is enough. */
  detail: 4,
  dimDetail: 1.5,
  /** Covered: so few blocks show anything at all; of those that show something in the reference. */
  coveredShare: 0.12,
  coveredOfReference: 0.35,
  /** Out of focus: fine detail is down to this share of the reference's. */
  focusShare: 0.2,
  /** Moved: fewer of the blocks than this show what they show in the reference. */
  movedShare: 0.4,
  /** Or another place of the picture fits better by so much. */
  shiftedGain: 0.25,
  /** In pixels of the signature, 160 wide. */
  leastShift: 3,
  /** Blocks that must say something before a scene can be told from another. */
  leastBlocks: 6,
  /** A picture with less than this share of the reference's contrast is not compared. */
  comparableContrast: 0.3,
  /** Mean distance from grey below which a picture has no colour. */
  colourless: 1.2,
};

/** Shading is what changes over more pixels than this, in the signature. */
const shadingRadius = 8;

export function signatureOf(input: PictureInput): Signature {
  const picture = shrunk(input, 2);
  const { mean, deviation } = spreadOf(picture);
  return {
    kind: input.colour < pictureLimits.colourless ? 'night' : 'day',
    picture,
    mean,
    deviation,
    sharpness: laplacianVariance(input) / Math.max(1, deviation ** 2),
  };
}

/**
 * What one picture shows, worst first: without light nothing else can be told, and a picture that shows another scene is not compared for
 * its focus. Of the references only that of the same kind of light counts; without one neither `out_of_focus` nor `moved` is judged. `mayTurn`
 * leaves `moved` out, for cameras that people steer.
 */
export function judgePicture(now: Signature, references: readonly Signature[], mayTurn = false): PictureVerdict {
  const limits = pictureLimits;
  if (now.mean < limits.darkMean && quantile(now.picture, 0.97) < limits.darkBright) {
    return { sign: 'dark', compared: false };
  }
  const reference = references.find(({ kind }) => kind === now.kind) ?? null;
  const scene = withoutShading(now.picture, shadingRadius);
  const before = reference && sceneOf(reference);
  const detail = { now: detailFor(now), before: limits.detail };
  if (detailLeft(scene, null, detail).share < limits.coveredShare) return { sign: 'covered', compared: false };
  if (reference === null || before === null) return { sign: 'good', compared: false };
  const left = detailLeft(scene, before, detail);
  if (left.blocks >= limits.leastBlocks && left.share < limits.coveredOfReference) {
    return { sign: 'covered', compared: true };
  }
  if (now.deviation < reference.deviation * limits.comparableContrast) return { sign: 'good', compared: false };
  if (!mayTurn && isMoved(scene, before)) return { sign: 'moved', compared: true };
  // Steered elsewhere it shows another scene, whose detail says nothing of the focus.
  if (mayTurn && likeness(scene, before, limits.detail).share < limits.movedShare) {
    return { sign: 'good', compared: false };
  }
  const soft = now.sharpness < reference.sharpness * limits.focusShare;
  return { sign: soft ? 'out_of_focus' : 'good', compared: true };
}

/** References are the same for many pictures. */
const scenes = new WeakMap<Signature, GreyPicture>();

function sceneOf(reference: Signature): GreyPicture {
  const scene = scenes.get(reference) ?? withoutShading(reference.picture, shadingRadius);
  scenes.set(reference, scene);
  return scene;
}

function detailFor({ mean }: Signature): number {
  const { detail, dimDetail } = pictureLimits;
  return Math.min(detail, Math.max(dimDetail, (mean - 16) * 0.05));
}

function isMoved(scene: GreyPicture, before: GreyPicture): boolean {
  const { detail, leastBlocks, movedShare, shiftedGain, leastShift } = pictureLimits;
  const here = likeness(scene, before, detail);
  if (here.blocks < leastBlocks) return false;
  if (here.share < movedShare) return true;
  if (here.share > 1 - shiftedGain) return false;
  const { dx, dy } = bestShift(scene, before);
  if (Math.abs(dx) < leastShift && Math.abs(dy) < leastShift) return false;
  const there = likeness(scene, before, detail, dx, dy);
  return there.blocks >= leastBlocks && there.share >= here.share + shiftedGain;
}
