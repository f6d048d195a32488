import type { PaletteName } from './scene.ts';

/** The colours of a room; people and plants keep their own. */
export interface Palette {
  wall: string;
  wainscot: string;
  ceiling: string;
  board: string;
  boardText: string;
  counterTop: string;
  counterFront: string;
  counterLine: string;
  floor: string;
  floorLine: string;
  shelf: string;
}

const WOOD = { counterTop: '#B58861', counterFront: '#8A6445', counterLine: '#6F4E34' };
const NAVY = { counterTop: '#7C9BC0', counterFront: '#33588A', counterLine: '#27466F' };
const GREY = { counterTop: '#E3E6EA', counterFront: '#C3C9D1', counterLine: '#A4ACB8' };

export const PALETTES: Readonly<Record<PaletteName, Palette>> = {
  wood: {
    ...{ wall: '#D9D3C3', wainscot: '#CBC2AF', ceiling: '#E9E6DC', board: '#7B563B', boardText: '#F4EBD9', ...WOOD },
    ...{ floor: '#A8A49C', floorLine: '#97938B', shelf: '#7F7D70' },
  },
  blue: {
    ...{ wall: '#BDCBDC', wainscot: '#ABBBCF', ceiling: '#E1E8F0', board: '#1F3F70', boardText: '#FFFFFF', ...NAVY },
    ...{ floor: '#A3A9B1', floorLine: '#9198A1', shelf: '#77808C' },
  },
  teal: {
    ...{ wall: '#CCD8D6', wainscot: '#BACAC7', ceiling: '#E6EEEC', board: '#53809A', boardText: '#FFFFFF', ...GREY },
    ...{ floor: '#A9ABA7', floorLine: '#989A96', shelf: '#7C8581' },
  },
  red: {
    ...{ wall: '#D6DCE3', wainscot: '#C5CDD7', ceiling: '#ECEFF3', board: '#A4272E', boardText: '#FFF4DC', ...WOOD },
    ...{ floor: '#B0ACA4', floorLine: '#9F9B93', shelf: '#85807A' },
  },
  slate: {
    ...{ wall: '#D3D7C9', wainscot: '#C2C8B6', ceiling: '#E9EBE2', board: '#8A6A4C', boardText: '#FBF3E4' },
    ...{ counterTop: '#93A2AE', counterFront: '#5E6E7C', counterLine: '#4B5A67' },
    ...{ floor: '#A5A79F', floorLine: '#94968E', shelf: '#7A7D72' },
  },
  sand: {
    ...{ wall: '#E3D8C2', wainscot: '#D5C7AC', ceiling: '#F0EADD', board: '#2D5F5A', boardText: '#F7F1DE' },
    ...{ counterTop: '#C79F6C', counterFront: '#9C7446', counterLine: '#7E5B34' },
    ...{ floor: '#B3A995', floorLine: '#A29883', shelf: '#8A7D66' },
  },
};
