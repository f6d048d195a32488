import IconVideoPlus from '@tabler/icons-react/icons/IconVideoPlus';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { freeGrid, type WallCell } from '../../../server/contracts/views.ts';
import type { LivePlayer } from '../../player/live-player.ts';
import { movedTo, sizedTo } from './free-wall-policy.ts';
import { CAMERA_TYPE, Tile, type TileActions } from './tile.tsx';
import classes from './wall-grid.module.css';
import { added, cellsOf, columnsOf, place, shown, type WallView } from './wall-view-policy.ts';

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
  /** Another arrangement of a free wall. */
  onArrange: (view: WallView) => void;
  /** What lies over a tile, such as its PTZ control. */
  over?: { tile: number; element: React.ReactNode } | false;
};

/** The tiles, 16:9 and 4 px apart, as large as the room allows; on a free wall where they were put. */
export function WallGrid(props: Props) {
  const { view, cameras, unitNames, selected, enlarged, removed, actions, onPlayer, onArrange, over } = props;
  const { t } = useTranslation('wall');
  const grid = useRef<HTMLDivElement>(null);
  /** Which part of a dragged tile is held, in cells of the grid. */
  const held = useRef<{ columns: number; rows: number } | null>(null);
  const cells = cellsOf(view);
  const free = view.layout === 'free' && enlarged === null;

  /** Where a pointer is, in cells of the grid. */
  const cellAt = (event: { clientX: number; clientY: number }) => {
    const box = grid.current?.getBoundingClientRect();
    if (!box) return { column: 0, row: 0 };
    return {
      column: ((event.clientX - box.left) / box.width) * freeGrid,
      row: ((event.clientY - box.top) / box.height) * freeGrid,
    };
  };
  const takeHold = (event: React.DragEvent) => {
    const of = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-cell]') : null;
    const cell = of ? cells[Number(of.dataset.cell)] : undefined;
    const at = cellAt(event);
    held.current = cell ? { columns: at.column - cell.column, rows: at.row - cell.row } : null;
  };
  /** A tile of a free wall goes where it is let go; upon another tile, the two change places (the tile's own drop). */
  const dropFree = (event: React.DragEvent) => {
    const id = event.dataTransfer.getData(CAMERA_TYPE);
    const tile = shown(view).indexOf(id);
    const under = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-cell]') : null;
    if (!id || (under && Number(under.dataset.cell) !== tile)) return;
    event.preventDefault();
    event.stopPropagation();
    const { column, row } = cellAt(event);
    const all = view.cells ?? [];
    if (tile >= 0) {
      const { columns, rows } = held.current ?? { columns: 1, rows: 1 };
      onArrange({ ...view, cells: movedTo(all, tile, column - columns, row - rows) });
      return;
    }
    if (!cameras.has(id)) return;
    const next = added(view, selected, id);
    const spot = next.view.cells ?? [];
    onArrange(
      spot.length > all.length
        ? { ...next.view, cells: movedTo(spot, next.tile, column - 2, row - 2) }
        : place(view, next.tile, id),
    );
  };

  return (
    <div className={classes.room} data-wall-grid>
      <div
        className={classes.grid}
        ref={grid}
        style={{ '--columns': columnsOf(view.layout) } as React.CSSProperties}
        data-enlarged={enlarged !== null || undefined}
        data-free={free || undefined}
        {...(free && {
          onDragStartCapture: takeHold,
          onDragOver: (event) => event.dataTransfer.types.includes(CAMERA_TYPE) && event.preventDefault(),
          onDropCapture: dropFree,
        })}
      >
        {shown(view).map((id, tile) => {
          const cell = cells[tile];
          const camera = id === null ? undefined : cameras.get(id);
          const alone = enlarged === tile || view.layout === 1;
          return (
            <div
              key={camera ? camera.id : `empty-${tile}`}
              className={classes.cell}
              data-cell={tile}
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
                  steered={over ? over.tile === tile : false}
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
              {over && over.tile === tile && over.element}
              {free && cell && (
                <Corner
                  label={t('free.resize', { tile: tile + 1 })}
                  onKey={(columns, rows) =>
                    onArrange({
                      ...view,
                      cells: sizedTo(cells, tile, cell.columns + columns, cell.rows + rows),
                    })
                  }
                  onDrag={(event) => {
                    const at = cellAt(event);
                    const next = sizedTo(cells, tile, at.column - cell.column, at.row - cell.row);
                    if (next !== cells) onArrange({ ...view, cells: next });
                  }}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

type CornerProps = {
  label: string;
  onKey: (columns: number, rows: number) => void;
  onDrag: (event: React.PointerEvent) => void;
};

/** The corner by which a tile of a free wall is sized. */
function Corner({ label, onKey, onDrag }: CornerProps) {
  const arrows: Record<string, [number, number]> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
  };
  return (
    <button
      type="button"
      className={classes.corner}
      aria-label={label}
      title={label}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && onDrag(event)}
      onKeyDown={(event) => {
        const by = arrows[event.key];
        if (!by) return;
        event.preventDefault();
        event.stopPropagation();
        onKey(...by);
      }}
    />
  );
}

/** The grid area of a tile; an enlarged one has all of them. */
function areaOf({ column, row, columns, rows }: WallCell, enlarged: boolean): React.CSSProperties {
  if (enlarged) return { gridArea: '1 / 1 / -1 / -1' };
  return { gridColumn: `${column + 1} / span ${columns}`, gridRow: `${row + 1} / span ${rows}` };
}
