import type { CSSProperties } from 'react';
import type { DeckTrack, VodDeck } from '../../player/vod-deck.ts';
import classes from './picture-grid.module.css';
import { PictureTile, type TileActions } from './picture-tile.tsx';
import type { Track } from './timeline.tsx';

export type GridTrack = { track: Track; unitName: string; source: DeckTrack };
type Props = TileActions & {
  deck: VodDeck;
  tracks: readonly GridTrack[];
  selected: number;
  enlarged: boolean;
};

/** Columns and rows that hold so many cameras: 1, 2, 4, 6 with the first one large, 9. */
export function layoutFor(count: number): { name: string; columns: number; rows: number } {
  if (count <= 1) return { name: '1', columns: 1, rows: 1 };
  if (count === 2) return { name: '2', columns: 2, rows: 1 };
  if (count <= 4) return { name: '4', columns: 2, rows: 2 };
  if (count <= 6) return { name: '6', columns: 3, rows: 3 };
  return { name: '9', columns: 3, rows: 3 };
}

/** The pictures of all cameras, or one of them enlarged. */
export function PictureGrid({ deck, tracks, selected, enlarged, ...actions }: Props) {
  const shown = enlarged ? tracks.slice(selected, selected + 1) : tracks;
  const { name, columns, rows } = layoutFor(shown.length);
  return (
    <div className={classes.room}>
      <div
        className={classes.grid}
        data-layout={name}
        data-testid="playback-grid"
        style={{ '--columns': columns, '--rows': rows } as CSSProperties}
      >
        {shown.map((each) => {
          const index = tracks.indexOf(each);
          return (
            <PictureTile
              key={each.track.cameraId}
              deck={deck}
              {...each}
              index={index}
              alone={tracks.length === 1}
              selected={index === selected && shown.length > 1}
              enlarged={enlarged}
              {...actions}
            />
          );
        })}
      </div>
    </div>
  );
}
