import { useEffect, useState } from 'react';
import { mediaPaths } from '../../../server/contracts/media.ts';

const RENEW_MS = 10_000;

/** The newest still below the moving picture; `renewed` fetches it again every 10 s, where no picture can move. */
export function TileStill({ cameraId, renewed }: { cameraId: string; renewed: boolean }) {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!renewed) return;
    const next = () => setTurn((old) => old + 1);
    next();
    const timer = setInterval(next, RENEW_MS);
    return () => clearInterval(timer);
  }, [renewed]);
  const address = mediaPaths.snapshot(cameraId);
  return (
    <img
      src={turn === 0 ? address : `${address}?turn=${turn}`}
      alt=""
      draggable={false}
      onLoad={(event) => {
        event.currentTarget.dataset.loaded = '';
      }}
      onError={(event) => {
        delete event.currentTarget.dataset.loaded;
      }}
    />
  );
}
