import { useMediaQuery } from '@mantine/hooks';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useCameras, useCategories, useUnits, useWorkingHours } from '../../api/queries.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useFlag } from '../../components/flag/use-flag.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { DAY_MS, HOUR_MS, startOfDay } from '../../components/time.ts';
import { useKeyHelp } from '../../components/use-key-help.ts';
import { useNow } from '../../components/use-now.ts';
import { useMoment, useVodSnapshot } from '../../player/use-moment.ts';
import { shuttle } from '../../player/vod-policy.ts';
import { Picture } from './picture.tsx';
import { type PlaybackCommand, usePlaybackKeys } from './playback-keys.ts';
import classes from './playback-page.module.css';
import { SidePanel } from './side-panel.tsx';
import { Timeline } from './timeline.tsx';
import { centre, follow, type Span, zoom } from './timeline-scale.ts';
import { stepIncident } from './track-layout.ts';
import { Transport } from './transport.tsx';
import { usePlaybackAddress } from './use-playback-address.ts';
import { rangeAround, recordedStream, useTracks } from './use-tracks.ts';
import { useVodPlayer } from './use-vod-player.ts';

/** Where playback begins when the address names no moment. */
const DEFAULT_BACK_MS = 2 * 60_000;
const FIRST_VIEW_MS = 2.5 * HOUR_MS;
const none: readonly Camera[] = [];

/** Recordings of a desk: picture, timeline, incidents. */
export default function PlaybackPage() {
  const { t } = useTranslation('playback');
  const navigate = useNavigate();
  const nowMs = useNow(1_000);
  const cameras = useCameras();
  const units = useUnits();
  const categories = useCategories();
  const flag = useFlag();
  // A phone's top bar has no room for the unit; it stands on the picture.
  const phone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  const [address, setAddress] = usePlaybackAddress();
  const [startMs] = useState(() => address.atMs ?? Date.now() - DEFAULT_BACK_MS);
  const [dayMs, setDayMs] = useState(() => startOfDay(startMs));
  const [view, setView] = useState<Span>(() => centre({ fromMs: startMs, toMs: startMs + FIRST_VIEW_MS }, startMs));
  const [marks, setMarks] = useState<{ inMs: number | null; outMs: number | null }>({ inMs: null, outMs: null });
  const picture = useRef<HTMLDivElement>(null);
  const goToField = useRef<HTMLInputElement>(null);

  const all = cameras.data ?? none;
  const firstId = (all.find((each) => each.unitId === units.data?.[0]?.id) ?? all[0])?.id;
  // Without a camera in the address, the first one of the first unit.
  const trackIds = useMemo(
    () => (address.cameras.length > 0 ? address.cameras : firstId && units.data ? [firstId] : []),
    [address.cameras, firstId, units.data],
  );
  const selected = Math.min(address.selected, Math.max(0, trackIds.length - 1));
  const camera = all.find((each) => each.id === trackIds[selected]);
  const tracks = useTracks(trackIds, all, dayMs);
  const recording = tracks[selected]?.recording;
  const range = rangeAround(dayMs);
  const hours = useWorkingHours(camera?.unitId, range.fromMs, range.toMs);
  const unitName = units.data?.find((unit) => unit.id === camera?.unitId)?.name ?? '';

  const stream = recordedStream(camera);
  const codec = camera?.streams.find((each) => each.name === stream)?.codecString ?? null;
  const player = useVodPlayer(picture, camera?.id, stream, codec);
  const snapshot = useVodSnapshot(player);
  const moment = useMoment(player, 1_000);
  const wantedMs = useRef(startMs);
  const namedMs = useRef(address.atMs);

  // Another camera goes on at the moment that was on screen.
  useEffect(() => {
    if (!player) return;
    player.play();
    player.seek(wantedMs.current);
  }, [player]);
  // A link that was followed while the page is open.
  useEffect(() => {
    if (address.atMs === null || address.atMs === namedMs.current) return;
    namedMs.current = address.atMs;
    wantedMs.current = address.atMs;
    player?.seek(address.atMs);
    setDayMs(startOfDay(address.atMs));
    setView((old) => centre(old, address.atMs ?? old.fromMs));
  }, [address.atMs, player]);
  useEffect(() => {
    if (player && recording) player.setRecorded(recording.recorded);
  }, [player, recording]);
  useEffect(() => {
    if (moment === null) return;
    const before = wantedMs.current;
    wantedMs.current = moment;
    if (!snapshot.playing) return;
    // Whoever has moved the view away from the playhead wants to look there.
    setView((old) => (before >= old.fromMs && before <= old.toMs ? follow(old, moment) : old));
    setDayMs(startOfDay(moment));
  }, [moment, snapshot.playing]);

  const seek = useCallback(
    (ms: number) => {
      const at = Math.min(ms, Date.now());
      namedMs.current = Math.round(at);
      player?.seek(at);
      setDayMs(startOfDay(at));
      setView((old) => (at >= old.fromMs && at <= old.toMs ? old : centre(old, at)));
      setAddress({ cameras: trackIds, selected, atMs: at });
    },
    [player, setAddress, trackIds, selected],
  );
  const openFlag = (stretch?: { fromMs: number; toMs: number }) => {
    const atMs = player?.mediaTimeMs();
    if (!camera || !player || atMs === null || atMs === undefined) return;
    const inside = stretch && stretch.fromMs <= atMs && atMs <= stretch.toMs;
    flag.open({
      cameraId: camera.id,
      cameraName: camera.name,
      unitName,
      atMs: stretch && !inside ? stretch.fromMs : atMs,
      still: player.still(),
      ...(stretch && { stretch }),
      anchor: picture.current,
    });
    player.pause();
  };
  const marked = marks.inMs !== null && marks.outMs !== null ? { fromMs: marks.inMs, toMs: marks.outMs } : undefined;

  const act = (command: PlaybackCommand) => {
    const at = player?.mediaTimeMs() ?? null;
    switch (command.kind) {
      case 'toggle':
        if (snapshot.playing) player?.pause();
        else player?.play();
        break;
      case 'shuttle': {
        const rate = shuttle(command.key, snapshot.playing ? snapshot.rate : 0);
        if (rate === 0) player?.pause();
        else player?.play(rate);
        break;
      }
      case 'frame':
        player?.stepFrame(command.direction);
        break;
      case 'skip':
        if (at !== null) seek(at + command.byMs);
        break;
      case 'incident': {
        const next = at === null ? null : stepIncident(recording?.incidents ?? [], at, command.direction);
        if (next) seek(next.atMs);
        break;
      }
      case 'zoom':
        setView((old) =>
          zoom(
            old,
            command.factor,
            at !== null && at >= old.fromMs && at <= old.toMs ? at : (old.fromMs + old.toMs) / 2,
          ),
        );
        break;
      case 'track':
        if (command.track < trackIds.length) setAddress({ cameras: trackIds, selected: command.track });
        break;
      case 'markIn':
        if (at !== null)
          setMarks(({ outMs }) => ({ inMs: at, outMs: outMs !== null && outMs > at + 1_000 ? outMs : null }));
        break;
      case 'markOut':
        if (at !== null)
          setMarks(({ inMs }) => ({ inMs: inMs !== null && inMs < at - 1_000 ? inMs : null, outMs: at }));
        break;
      case 'clearMarks':
        setMarks({ inMs: null, outMs: null });
        break;
      case 'flag':
        // The moment on screen counts; a stretch that was marked elsewhere is flagged by its own button.
        openFlag(marked && at !== null && marked.fromMs <= at && at <= marked.toMs ? marked : undefined);
        break;
      case 'goTo':
        goToField.current?.focus();
        break;
      case 'live':
        if (camera) navigate(paths.wall({ camera: camera.id }));
    }
  };
  usePlaybackKeys(act);
  useKeyHelp(t('title'), [
    { keys: ['Space'], label: t('keys.toggle') },
    { keys: ['J', 'K', 'L'], label: t('keys.shuttle') },
    { keys: [',', '.'], label: t('keys.frame') },
    { keys: ['←', '→'], label: t('keys.skip') },
    { keys: ['PgUp', 'PgDn'], label: t('keys.incident') },
    { keys: ['+', '−'], label: t('keys.zoom') },
    { keys: ['I', 'O'], label: t('keys.marks') },
    { keys: ['G'], label: t('keys.goTo') },
    ...(flag.may ? [{ keys: ['F'], label: t('keys.flag') }] : []),
  ]);

  if (cameras.isError && !cameras.data) return <Problem error={cameras.error} onRetry={() => cameras.refetch()} />;
  if (cameras.data && all.length === 0)
    return (
      <>
        <PageHeader title={t('title')} />
        <EmptyState icon={IconHistory} title={t('noCameras')} />
      </>
    );
  const dayIncidents = (recording?.incidents ?? [])
    .filter((each) => each.atMs >= dayMs && each.atMs < dayMs + DAY_MS)
    .sort((a, b) => a.atMs - b.atMs);

  return (
    <div className={classes.page}>
      <PageHeader title={t('title')} crumb={phone ? null : unitName} />
      <Picture
        container={picture}
        player={player}
        cameraName={camera?.name ?? ''}
        unitName={unitName}
        number={selected + 1}
        reasonAt={(ms) => recording?.gaps.find((gap) => gap.from <= ms && ms < gap.to)?.reason ?? null}
        onToggle={() => act({ kind: 'toggle' })}
        onLive={() => act({ kind: 'live' })}
        onRetry={() => seek(wantedMs.current)}
      />
      <SidePanel
        cameras={all}
        units={units.data ?? []}
        camera={camera}
        dayMs={dayMs}
        momentMs={moment}
        nowMs={nowMs}
        marks={marks}
        incidents={dayIncidents}
        categories={categories.data ?? []}
        mayFlag={flag.may}
        goToField={goToField}
        onCamera={(id) => {
          const cameras = trackIds.map((each, i) => (i === selected ? id : each));
          namedMs.current = moment;
          setAddress({ cameras, selected, atMs: moment });
        }}
        onDay={(day) => seek(day + Math.max(0, (moment ?? startMs) - startOfDay(moment ?? startMs)))}
        onGoTo={seek}
        onFlagMarks={() => openFlag(marked)}
        onClearMarks={() => act({ kind: 'clearMarks' })}
      />
      <div className={classes.below}>
        <Timeline
          day={{ fromMs: dayMs, toMs: dayMs + DAY_MS }}
          view={view}
          tracks={tracks}
          selected={selected}
          hours={hours.data?.hours ?? []}
          marks={marks}
          nowMs={nowMs}
          playheadMs={() => player?.mediaTimeMs() ?? null}
          onView={setView}
          onSeek={seek}
          onScrub={(ms) => player?.seek(Math.min(ms, Date.now()))}
          onSelect={(track) => act({ kind: 'track', track })}
        />
        <Transport player={player} view={view} mayFlag={flag.may} act={act} onSpeed={(rate) => player?.setRate(rate)} />
      </div>
      {flag.element}
    </div>
  );
}
