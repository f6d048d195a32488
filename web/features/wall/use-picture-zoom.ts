import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { PictureZoom } from './picture-zoom.ts';

const never = () => () => undefined;
const one = () => 1;

/** Digital zoom of a tile: its controls, once there are any, and how many times the picture is enlarged. */
export function usePictureZoom(
  root: RefObject<HTMLElement | null>,
  picture: RefObject<HTMLElement | null>,
  enabled: boolean,
): { zoom: PictureZoom | null; scale: number } {
  const [zoom, setZoom] = useState<PictureZoom | null>(null);
  useEffect(() => {
    if (!root.current || !picture.current) return;
    const made = new PictureZoom(root.current, picture.current);
    setZoom(made);
    return () => {
      made.destroy();
      setZoom(null);
    };
  }, [root, picture]);
  useEffect(() => zoom?.setEnabled(enabled), [zoom, enabled]);
  const scale = useSyncExternalStore(zoom?.subscribe ?? never, zoom?.scale ?? one);
  return { zoom, scale };
}
