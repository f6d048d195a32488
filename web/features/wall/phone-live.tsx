import { Select } from '@mantine/core';
import IconCamera from '@tabler/icons-react/icons/IconCamera';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconMaximize from '@tabler/icons-react/icons/IconMaximize';
import IconRewindBackward30 from '@tabler/icons-react/icons/IconRewindBackward30';
import IconShare2 from '@tabler/icons-react/icons/IconShare2';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { useCategories, useIncidents } from '../../api/queries.ts';
import { paths } from '../../app/paths.ts';
import type { Flag } from '../../components/flag/use-flag.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import { Still } from '../../components/still.tsx';
import { formatDay, formatNumber, formatShort, formatSince } from '../../components/time.ts';
import { toast } from '../../components/toast.tsx';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import { downloadStill } from '../../player/download-still.ts';
import { streamFor, useLivePlayer } from '../../player/use-live-player.ts';
import { PhoneFacts } from './phone-facts.tsx';
import classes from './phone-live.module.css';
import tileClasses from './tile.module.css';
import { pictureTrouble, tileWords } from './tile-words.ts';

type Props = {
  cameras: readonly Camera[];
  unitNames: ReadonlyMap<string, string>;
  first: string | null;
  flag: Flag;
  mayPlayBack: boolean;
};

/** The wall on a phone: one desk, the others of its unit, and the flag under the thumb. */
export function PhoneLive({ cameras, unitNames, first, flag, mayPlayBack }: Props) {
  const { t } = useTranslation('wall');
  const [chosen, setChosen] = useState<string | null>(null);
  const camera = cameras.find((each) => each.id === (chosen ?? first)) ?? cameras[0];
  const units = useMemo(
    () =>
      [...unitNames]
        .filter(([id]) => cameras.some((each) => each.unitId === id))
        .map(([value, label]) => ({ value, label })),
    [cameras, unitNames],
  );
  if (!camera) return null;
  const others = cameras.filter((each) => each.unitId === camera.unitId);
  return (
    <div className={classes.page}>
      <Select
        className={classes.units}
        aria-label={t('phone.units')}
        data={units}
        value={camera.unitId}
        allowDeselect={false}
        searchable={units.length > 8}
        onChange={(unitId) => setChosen(cameras.find((each) => each.unitId === unitId)?.id ?? null)}
      />
      <OneCamera
        key={camera.id}
        camera={camera}
        unitName={unitNames.get(camera.unitId) ?? ''}
        flag={flag}
        mayPlayBack={mayPlayBack}
        others={
          <section className={classes.section}>
            <h2 className={classes.title}>
              {t('phone.others')} <span className={classes.count}>{t('phone.count', { count: others.length })}</span>
            </h2>
            <div className={classes.strip}>
              {others.map((each) => (
                <button
                  key={each.id}
                  type="button"
                  className={classes.other}
                  aria-current={each.id === camera.id || undefined}
                  onClick={() => setChosen(each.id)}
                >
                  <Still src={mediaPaths.snapshot(each.id)} alt="" dimmed={each.state !== 'online'} />
                  {each.name}
                </button>
              ))}
            </div>
          </section>
        }
      />
    </div>
  );
}

type OneProps = { camera: Camera; unitName: string; flag: Flag; mayPlayBack: boolean; others: React.ReactNode };

function OneCamera({ camera, unitName, flag, mayPlayBack, others }: OneProps) {
  const { t } = useTranslation(['wall', 'flag']);
  const lang = useLang();
  const now = useNow();
  const navigate = useNavigate();
  const root = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const stream = streamFor(camera, true);
  const { player, snapshot } = useLivePlayer(picture, root, camera, stream);
  const incidents = useIncidents({ camera: [camera.id], open: true, limit: 10 });
  const categories = useCategories();
  const nameOf = (code: string) => categories.data?.find((category) => category.code === code)?.[lang] ?? code;
  const trouble = pictureTrouble(camera, snapshot);
  const words = tileWords(snapshot, trouble);
  const shownMs = () => player?.frameTimeMs() ?? Date.now();
  const playBack = (before: number) =>
    navigate(paths.playback({ cameras: [camera.id], at: Math.round(shownMs() - before) }));
  const share = async () => {
    const url = new URL(paths.wall({ camera: camera.id }), location.href).href;
    if (navigator.share) await navigator.share({ title: `${unitName}, ${camera.name}`, url }).catch(() => undefined);
    else await navigator.clipboard.writeText(url).then(() => toast({ kind: 'done', title: t('phone.copied') }));
  };
  const subject = () => ({
    cameraId: camera.id,
    cameraName: camera.name,
    unitName,
    atMs: shownMs(),
    still: player?.still() ?? null,
    anchor: root.current,
  });
  const actions = [
    mayPlayBack && { icon: IconRewindBackward30, label: t('phone.back30'), act: () => playBack(30_000) },
    mayPlayBack && { icon: IconHistory, label: t('phone.playBack'), act: () => playBack(0) },
    {
      icon: IconCamera,
      label: t('phone.still'),
      act: () => downloadStill(player?.still() ?? null, camera.name, shownMs()),
    },
    { icon: IconShare2, label: t('phone.share'), act: share },
  ].filter((action) => action !== false);

  return (
    <>
      <div
        className={classes.live}
        ref={root}
        data-testid="tile"
        data-camera={camera.id}
        data-stream={snapshot.stream ?? stream}
        data-state={snapshot.state}
        data-reason={snapshot.reason}
      >
        <div className={tileClasses.tile} data-veil={words.veil || undefined}>
          <div className={tileClasses.picture}>
            <img
              src={mediaPaths.snapshot(camera.id)}
              alt=""
              onLoad={(event) => event.currentTarget.setAttribute('data-loaded', '')}
            />
            <div className={tileClasses.video} ref={picture} />
          </div>
        </div>
        <p className={classes.state} data-shown={snapshot.state} role="status">
          <words.icon size={18} stroke={1.8} aria-hidden />
          {words.veil || trouble !== null
            ? t('common:stateSince', {
                state: t(`state.${words.word}`),
                time: formatSince(trouble?.sinceMs ?? snapshot.sinceMs, now),
              })
            : t(`state.${words.word}`, { lag: '' })}
          {snapshot.lagTenths !== null && (
            <span className={classes.lag}>{t('lag', { seconds: formatNumber(snapshot.lagTenths / 10, lang) })}</span>
          )}
        </p>
        <button
          type="button"
          className={classes.full}
          aria-label={t('phone.full')}
          onClick={() => root.current?.requestFullscreen?.()}
        >
          <IconMaximize size={24} stroke={1.8} aria-hidden />
        </button>
      </div>
      <div className={classes.actions}>
        {actions.map(({ icon: Glyph, label, act }) => (
          <button key={label} type="button" onClick={() => void act()}>
            <Glyph size={24} stroke={1.8} aria-hidden />
            {label}
          </button>
        ))}
      </div>
      {others}
      {mayPlayBack && <PhoneFacts camera={camera} />}
      <section className={classes.section}>
        <h2 className={classes.title}>{t('phone.open')}</h2>
        {incidents.data?.pages[0]?.items.map((incident) => (
          <Link key={incident.id} className={classes.incident} to={paths.incident(incident.id)}>
            <SeverityMark severity={incident.severity} size={24} />
            <span className={classes.what}>
              <b>{nameOf(incident.category)}</b>
              <span className={classes.when}>
                {formatShort(incident.atMs)} · {t(`common:incidentState.${incident.state}`)}
                {incident.dueAtMs !== null && `, ${t('phone.due', { date: formatDay(incident.dueAtMs) })}`}
              </span>
            </span>
            <IconChevronRight size={20} stroke={1.8} aria-hidden />
          </Link>
        ))}
        {incidents.data?.pages[0]?.items.length === 0 && <p className={classes.none}>{t('phone.none')}</p>}
      </section>
      {flag.may && (
        <div className={classes.dock}>
          <button type="button" className={classes.flag} onClick={() => flag.open(subject())}>
            <IconFlag size={22} stroke={1.8} aria-hidden />
            {t('phone.flag')}
          </button>
          {flag.last && (
            <button type="button" className={classes.repeat} onClick={() => flag.repeat(subject())}>
              <span>{t('flag:repeat')}</span>
              <SeverityMark severity={flag.last.severity} size={20} />
              {flag.last.code} {flag.last[lang]}
            </button>
          )}
        </div>
      )}
    </>
  );
}
