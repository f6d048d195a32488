import { describe, expect, it } from 'vitest';
import { parseControl, parseFleet } from './fleet-description.ts';

const camera = { id: 'a', name: 'Phường A', desk: 'Quầy số 1', username: 'admin', password: 'x' };

describe('the description of a fleet', () => {
  it('casts a scene where none is given, and keeps what is', () => {
    const { cameras } = parseFleet(
      JSON.stringify({ cameras: [camera, { ...camera, id: 'b', scene: { variant: 'hall' } }] }),
    );
    expect(cameras[0]?.scene).toMatchObject({ variant: 'desk', plate: 'QUẦY SỐ 1', seed: 0 });
    expect(cameras[1]?.scene).toMatchObject({ variant: 'hall', seed: 1 });
  });

  it('names what is wrong', () => {
    expect(() => parseFleet('{')).toThrow('not JSON');
    expect(() => parseFleet('{"cameras":[]}')).toThrow('cameras');
    expect(() => parseFleet(JSON.stringify({ cameras: [{ ...camera, pasword: 'y' }] }))).toThrow('pasword');
    expect(() => parseFleet(JSON.stringify({ cameras: [camera], loopFrames: 60 }))).toThrow('loopFrames');
  });

  it('takes the two control lines and no other', () => {
    expect(parseControl('{"disconnect":"a"}')).toEqual({ action: 'disconnect', id: 'a' });
    expect(parseControl('{"reconnect":"a"}')).toEqual({ action: 'reconnect', id: 'a' });
    expect(() => parseControl('{"explode":"a"}')).toThrow('control line');
  });
});
