import IconVideoPlus from '@tabler/icons-react/icons/IconVideoPlus';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { LivePlayer } from '../../player/live-player.ts';
import { CAMERA_TYPE, Tile, type TileActions } from './tile.tsx';
import classes from './wall-grid.module.css';
import { type Cell, cellsOf, columnsOf, shown, type WallView } from './wall-view-policy.ts';

type Props = {
  view: WallView;
  cameras: ReadonlyMap<string, Camera>;
  unitNames: ReadonlyMap<string, string>;
  selected: number;
  enlarged: number | null;
  /** The tile that was emptied last. */
  removed: number | null;
  actions: TileActions;
  onPlayer: (cameraId: string, player: LivePlayer | null, root: HTMLElement | null) => void;
};

/** The tiles, 16:9 and 4 px apart, as large as the room allows. */
export function WallGrid({ view, cameras, unitNames, selected, enlarged, removed, actions, onPlayer }: Props) {
  const { t } = useTranslation('wall');
  const columns = columnsOf(view.layout);
  const cells = cellsOf(view.layout);
  return (
    <div className={classes.room} data-wall-grid>
      <div
        className={classes.grid}
        style={{ '--columns': columns } as React.CSSProperties}
        data-enlarged={enlarged !== null || undefined}
      >
        {shown(view).map((id, tile) => {
          const cell = cells[tile];
          const camera = id === null ? undefined : cameras.get(id);
          const alone = enlarged === tile || view.layout === 1;
          return (
            <div
              key={camera ? camera.id : `empty-${tile}`}
              className={classes.cell}
              data-enlarged={enlarged === tile || undefined}
              style={cell && areaOf(cell, enlarged === tile)}
            >
              {camera ? (
                <Tile
                  tile={tile}
                  camera={camera}
                  unitName={unitNames.get(camera.unitId) ?? ''}
                  selected={selected === tile}
                  enlarged={alone}
                  actions={actions}
                  onPlayer={onPlayer}
                />
              ) : (
                <button
                  type="button"
                  className={classes.empty}
                  data-empty-tile={tile}
                  // biome-ignore lint/a11y/noAutofocus: the focus was on the tile that went from here
                  autoFocus={removed === tile}
                  aria-current={selected === tile || undefined}
                  onClick={() => actions.select(tile)}
                  onDragOver={(event) => event.dataTransfer.types.includes(CAMERA_TYPE) && event.preventDefault()}
                  onDrop={(event) => actions.drop(tile, event.dataTransfer.getData(CAMERA_TYPE))}
                >
                  <IconVideoPlus size={24} stroke={1.8} aria-hidden />
                  <span>{t('empty', { tile: tile + 1 })}</span>
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The grid area of a tile; an enlarged one has all of them. */
function areaOf({ column, row, span }: Cell, enlarged: boolean): React.CSSProperties {
  if (enlarged) return { gridArea: '1 / 1 / -1 / -1' };
  return { gridColumn: `${column + 1} / span ${span}`, gridRow: `${row + 1} / span ${span}` };
}
