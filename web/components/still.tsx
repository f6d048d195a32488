import IconPhotoOff from '@tabler/icons-react/icons/IconPhotoOff';
import { useState } from 'react';
import classes from './still.module.css';

interface StillProps {
  /** Null where there is no picture to be had. */
  src: string | null;
  /** What the picture shows; empty where words stand beside it. */
  alt: string;
  /** In px; fills its parent when left out. */
  width?: number;
  /** Grey and dark: the last picture of a camera that is away. */
  dimmed?: boolean;
  /** Laid over the picture. */
  children?: React.ReactNode;
}

/** A 16:9 picture: its place is kept while it comes, and says so when there is none. */
export function Still(props: StillProps) {
  // A new source starts anew, whatever became of the one before.
  return <Picture key={props.src} {...props} />;
}

function Picture({ src, alt, width, dimmed = false, children }: StillProps) {
  const [state, setState] = useState<'loading' | 'shown' | 'none'>(src === null ? 'none' : 'loading');
  return (
    <span className={classes.still} style={width === undefined ? undefined : { width }} data-state={state}>
      {src !== null && state !== 'none' && (
        <img
          src={src}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          data-dimmed={dimmed || undefined}
          onLoad={() => setState('shown')}
          onError={() => setState('none')}
        />
      )}
      {state === 'none' && <IconPhotoOff size={20} stroke={1.8} aria-hidden />}
      {children}
    </span>
  );
}
