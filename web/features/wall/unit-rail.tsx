import { Switch, TextInput } from '@mantine/core';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconDeviceCctv from '@tabler/icons-react/icons/IconDeviceCctv';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Severity } from '../../../server/contracts/common.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { conditionOf, faultOf } from '../../components/camera-condition.ts';
import { cameraStateIcon, streamStateIcon } from '../../components/chip.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { matches } from '../../components/time.ts';
import { CAMERA_TYPE } from './tile.tsx';
import classes from './unit-rail.module.css';

type Props = {
  units: readonly Unit[] | undefined;
  cameras: readonly Camera[];
  /** Highest severity of the open incidents, per unit. */
  severities: ReadonlyMap<string, Severity>;
  /** Tile of each camera that is shown. */
  tiles: ReadonlyMap<string, number>;
  selectedCamera: string | null;
  /** Puts a camera where it fits, or on the tile that is named. */
  onPick: (cameraId: string, tile?: number) => void;
  /** What stands above the units. */
  children?: React.ReactNode;
};

/** Units and their cameras: search, state, drag onto a tile or click to place. */
export function UnitRail({ units, cameras, severities, tiles, selectedCamera, onPick, children }: Props) {
  const { t } = useTranslation('wall');
  const [query, setQuery] = useState('');
  const [troubled, setTroubled] = useState(false);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const selectedUnit = cameras.find((camera) => camera.id === selectedCamera)?.unitId;

  const groups = (units ?? []).flatMap((unit) => {
    const own = cameras.filter((camera) => camera.unitId === unit.id);
    const found = query === '' ? own : own.filter((camera) => matches(query, `${unit.name} ${camera.name}`));
    const trouble = severities.has(unit.id) || own.some((camera) => conditionOf(camera) !== 'ok');
    return found.length > 0 && (!troubled || trouble) ? [{ unit, own, found }] : [];
  });

  return (
    <aside className={classes.rail} aria-label={t('rail.label')}>
      <TextInput
        className={classes.search}
        size="xs"
        leftSection={<IconSearch size={16} stroke={1.8} />}
        placeholder={t('rail.search')}
        aria-label={t('rail.search')}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setQuery('')}
      />
      {query === '' && children}
      <div className={classes.head}>
        <span>{t('rail.units')}</span>
        <Switch
          size="xs"
          labelPosition="left"
          label={t('rail.troubled')}
          checked={troubled}
          onChange={(event) => setTroubled(event.currentTarget.checked)}
        />
      </div>
      {units === undefined && (
        <div className={classes.waiting} aria-busy>
          {Array.from({ length: 8 }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike
            <Skeleton key={row} width={`${70 - (row % 3) * 12}%`} />
          ))}
        </div>
      )}
      {units !== undefined && groups.length === 0 && (
        <p className={classes.none}>
          {cameras.length === 0 ? t('rail.noUnits') : query === '' ? t('rail.nothing') : t('rail.none', { query })}
        </p>
      )}
      <ul className={classes.list}>
        {groups.map(({ unit, own, found }) => {
          const isOpen = query !== '' || (toggled.get(unit.id) ?? unit.id === selectedUnit);
          const up = own.filter((camera) => conditionOf(camera) === 'ok').length;
          const severity = severities.get(unit.id);
          return (
            <li key={unit.id}>
              <button
                type="button"
                className={classes.unit}
                aria-expanded={isOpen}
                data-bold={unit.id === selectedUnit || up < own.length || undefined}
                onClick={() => setToggled(new Map(toggled).set(unit.id, !isOpen))}
              >
                {isOpen ? (
                  <IconChevronDown size={16} stroke={1.8} aria-hidden />
                ) : (
                  <IconChevronRight size={16} stroke={1.8} aria-hidden />
                )}
                <span className={classes.name}>{unit.name}</span>
                {severity && <SeverityMark severity={severity} size={16} />}
                <span className={classes.count} title={t('rail.up', { up, count: own.length })}>
                  {up}/{own.length}
                </span>
              </button>
              {isOpen && (
                <ul className={classes.list}>
                  {found.map((camera) => (
                    <CameraRow
                      key={camera.id}
                      camera={camera}
                      tile={tiles.get(camera.id)}
                      selected={camera.id === selectedCamera}
                      onPick={onPick}
                    />
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </aside>
  );
}

type RowProps = { camera: Camera; tile: number | undefined; selected: boolean; onPick: Props['onPick'] };

function CameraRow({ camera, tile, selected, onPick }: RowProps) {
  const { t } = useTranslation('wall');
  const ok = conditionOf(camera) === 'ok';
  const fault = faultOf(camera);
  const Glyph = ok
    ? IconDeviceCctv
    : fault.of === 'camera'
      ? cameraStateIcon(fault.state)
      : streamStateIcon(fault.state);
  const main = camera.streams.find((stream) => stream.name === 'main') ?? camera.streams[0];
  const word = ok
    ? camera.ptz
      ? t('rail.ptz')
      : main && main.height > 0
        ? `${main.height}p`
        : ''
    : t(fault.of === 'camera' ? `common:cameraState.${fault.state}` : `common:streamState.${fault.state}`);
  return (
    <li>
      <button
        type="button"
        className={classes.camera}
        aria-current={selected || undefined}
        data-fault={!ok || undefined}
        draggable
        onDragStart={(event) => event.dataTransfer.setData(CAMERA_TYPE, camera.id)}
        onClick={() => onPick(camera.id)}
        onKeyDown={(event) => {
          if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          onPick(camera.id, Number(event.key) - 1);
        }}
      >
        <Glyph size={16} stroke={1.8} aria-hidden />
        <span className={classes.name}>{camera.name}</span>
        <span className={classes.count} data-tile={(ok && tile !== undefined) || undefined}>
          {tile === undefined || !ok ? word : t('rail.tile', { tile: tile + 1 })}
        </span>
      </button>
    </li>
  );
}
