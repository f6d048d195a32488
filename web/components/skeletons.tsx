import { useEffect, useState } from 'react';
import classes from './skeletons.module.css';

const DELAY_MS = 200;

/** True once something has been awaited for longer than a reader would notice. */
export function useLate(delayMs = DELAY_MS): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return late;
}

interface BlockProps {
  width?: number | string;
  height?: number | string;
  radius?: number;
}

/** One flat block in the place of what is coming. The place is kept at once, the colour comes after 200 ms. */
export function Skeleton({ width = '100%', height = 14, radius = 4 }: BlockProps) {
  return <span className={classes.block} style={{ width, height, borderRadius: radius }} aria-hidden />;
}

/** Rows of a table to come: a picture and two lines each. */
export function SkeletonRows({
  rows = 6,
  height = 52,
  picture = false,
}: {
  rows?: number;
  height?: number;
  picture?: boolean;
}) {
  return (
    <div aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike
        <div key={row} className={classes.row} style={{ height }}>
          {picture && <Skeleton width={64} height={36} radius={2} />}
          <span className={classes.lines}>
            <Skeleton width={`${38 - (row % 3) * 6}%`} height={12} />
            <Skeleton width={`${24 - (row % 2) * 5}%`} height={10} />
          </span>
          <Skeleton width={96} height={22} radius={5} />
        </div>
      ))}
    </div>
  );
}
