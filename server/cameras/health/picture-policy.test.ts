import { beforeAll, describe, expect, test } from 'vitest';
import { drawnScene, smallPictures } from '../../../test/support/small-pictures.ts';
import { judgePicture, type PictureSign, type Signature, signatureOf } from './picture-policy.ts';

const box = (x: number, y: number, width: number, height: number, colour: string) =>
  `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:color=${colour}:t=fill`;

/** What is done to a picture, and what it then shows against the reference. */
const filters = {
  // No trouble: other light, people, a mount that trembles, a lens a little softer.
  same: ['null', 'good'],
  brighter: ['eq=brightness=0.15', 'good'],
  dimmer: ['eq=brightness=-0.2', 'good'],
  flat: ['eq=contrast=0.6', 'good'],
  gamma: ['eq=gamma=0.6', 'good'],
  dim: ['lutyuv=y=16+(val-16)*0.3', 'good'],
  'lamp on one side': ["geq=lum='lum(X,Y)*(0.5+0.5*X/W)':cb='cb(X,Y)':cr='cr(X,Y)'", 'good'],
  'somebody in front': [box(120, 100, 90, 260, '0x303040'), 'good'],
  'two people close by': [`${box(60, 80, 110, 280, '0x705040')},${box(400, 60, 120, 300, '0x203050')}`, 'good'],
  trembling: ['crop=636:358:2:1', 'good'],
  softer: ['gblur=sigma=0.8', 'good'],
  'half of it covered': [box(384, 0, 256, 360, '0x807060'), 'good'],
  // Trouble.
  'lights out': ['lutyuv=y=16+(val-16)*0.03', 'dark'],
  'black tape': [box(0, 0, 640, 360, 'black'), 'dark'],
  'paper over the lens': [box(0, 0, 640, 360, '0x908878'), 'covered'],
  'cloth, brighter below': ["geq=lum='90+60*Y/H':cb=120:cr=135", 'covered'],
  'nine tenths covered': [box(64, 0, 576, 360, '0x807060'), 'covered'],
  'out of focus': ['gblur=sigma=3', 'out_of_focus'],
  'far out of focus': ['gblur=sigma=10', 'out_of_focus'],
  'turned by a twelfth': ['scroll=hpos=0.08', 'moved'],
  'turned by a sixth': ['scroll=hpos=0.17', 'moved'],
  'tilted by a seventh': ['scroll=vpos=0.15', 'moved'],
  'turned and brighter': ['scroll=hpos=0.12:vpos=0.08,eq=brightness=0.1', 'moved'],
  'hanging askew': ['rotate=12*PI/180', 'moved'],
} as const satisfies Record<string, readonly [string, PictureSign]>;

const only = Object.fromEntries(Object.entries(filters).map(([name, [filter]]) => [name, filter])) as Record<
  keyof typeof filters,
  string
>;
const cases = Object.entries(filters).map(([name, [, sign]]) => [name, sign] as [keyof typeof filters, PictureSign]);

const scenes = {
  desk: () => drawnScene('desk', 0),
  'waiting room': () => drawnScene('waiting', 12),
  fractal: () => ['-f', 'lavfi', '-i', 'mandelbrot=s=640x360:start_x=-0.743:start_y=-0.131:start_scale=0.6'],
  'test picture': () => ['-f', 'lavfi', '-i', 'testsrc2=s=640x360'],
} as const;

const isClean = (sign: PictureSign) => sign === 'good';

describe.each(Object.keys(scenes) as (keyof typeof scenes)[])('of a %s', (scene) => {
  let seen: Record<keyof typeof filters, Signature>;
  beforeAll(() => {
    const pictures = smallPictures(scenes[scene]() as string[] | Buffer, only);
    seen = Object.fromEntries(
      Object.entries(pictures).map(([name, picture]) => [name, signatureOf(picture)]),
    ) as typeof seen;
  });

  test.each(cases)('%s is %s', (name, sign) => {
    expect(judgePicture(seen[name], [seen.same]).sign).toBe(sign);
  });

  test('without a reference only light and a covered lens are judged, and that is said', () => {
    for (const [name, sign] of cases) {
      const verdict = judgePicture(seen[name], []);
      expect([name, verdict.compared]).toEqual([name, false]);
      if (isClean(sign) || sign === 'moved' || sign === 'out_of_focus')
        expect([name, verdict.sign]).toEqual([name, 'good']);
    }
    expect(judgePicture(seen['black tape'], []).sign).toBe('dark');
    expect(judgePicture(seen['paper over the lens'], []).sign).toBe('covered');
  });

  test('a camera that people steer is never called moved', () => {
    for (const [name] of cases) expect(judgePicture(seen[name], [seen.same], true).sign).not.toBe('moved');
  });
});

test('people who come and go over a minute are no trouble in any scene, and another scene is', () => {
  const variants = ['desk', 'hall', 'waiting', 'entrance'] as const;
  const look = (variant: (typeof variants)[number], second: number) =>
    signatureOf(smallPictures(drawnScene(variant, second), { only: 'null' }).only);
  const references = variants.map((variant) => look(variant, 12));
  const verdicts = variants.flatMap((variant, i) =>
    [0, 40].map((second) => judgePicture(look(variant, second), [references[i] as Signature]).sign),
  );
  expect(new Set(verdicts)).toEqual(new Set(['good']));
  // Desk and hall are drawn on the same wall; the other scenes share nothing.
  const [desk, hall, waiting, entrance] = references as [Signature, Signature, Signature, Signature];
  for (const [here, there] of [
    [desk, waiting],
    [waiting, hall],
    [hall, entrance],
    [entrance, waiting],
  ] as const) {
    expect(judgePicture(here, [there]).sign).toBe('moved');
  }
});

test('a picture without colour is judged by the reference of the night, and by none where there is none', () => {
  const { day, night, turned } = smallPictures(drawnScene('desk', 0), {
    day: 'null',
    night: 'hue=s=0,eq=contrast=0.8',
    turned: 'hue=s=0,scroll=hpos=0.15',
  });
  const [byDay, byNight, turnedAtNight] = [signatureOf(day), signatureOf(night), signatureOf(turned)];
  expect([byDay.kind, byNight.kind]).toEqual(['day', 'night']);
  expect(judgePicture(turnedAtNight, [byDay])).toEqual({ sign: 'good', compared: false });
  expect(judgePicture(turnedAtNight, [byDay, byNight])).toEqual({ sign: 'moved', compared: true });
  expect(judgePicture(byNight, [byDay, byNight])).toEqual({ sign: 'good', compared: true });
});
