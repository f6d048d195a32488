import { useMediaQuery } from '@mantine/hooks';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useCameras, useCan, useCategories, useUnits, useWorkingHours } from '../../api/queries.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useFlag } from '../../components/flag/use-flag.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { DAY_MS, HOUR_MS, startOfDay } from '../../components/time.ts';
import { toast } from '../../components/toast.tsx';
import { useKeyHelp } from '../../components/use-key-help.ts';
import { useNow } from '../../components/use-now.ts';
import { useMoment, useVodSnapshot } from '../../player/use-moment.ts';
import { MOST_CAMERAS } from './camera-picker.tsx';
import { ClipDialog } from './clip-dialog.tsx';
import { PictureGrid } from './picture-grid.tsx';
import { usePlaybackKeys } from './playback-keys.ts';
import classes from './playback-page.module.css';
import { SidePanel } from './side-panel.tsx';
import { Timeline } from './timeline.tsx';
import { centre, follow, lengthOf } from './timeline-scale.ts';
import { Transport } from './transport.tsx';
import { useDeck, useDeckTracks } from './use-deck.ts';
import { usePlaybackAddress, writeAddress } from './use-playback-address.ts';
import { usePlaybackCommands } from './use-playback-commands.ts';
import { useStable } from './use-stable.ts';
import { rangeAround, useTracks } from './use-tracks.ts';
import { ViewStore } from './view-store.ts';

/** Where playback begins when the address names no moment. */
const DEFAULT_BACK_MS = 2 * 60_000;
const FIRST_VIEW_MS = 2.5 * HOUR_MS;
/** The address follows the zoom when it has come to rest. */
const SPAN_RESTS_MS = 500;
const none: readonly Camera[] = [];

/** Recordings of up to nine cameras at the same moment: pictures, timeline, incidents. */
export default function PlaybackPage() {
  const { t } = useTranslation('playback');
  const navigate = useNavigate();
  const nowMs = useNow(1_000);
  const cameras = useCameras();
  const units = useUnits();
  const categories = useCategories();
  const flag = useFlag();
  const mayExport = useCan('export_evidence');
  // A phone's top bar has no room for the unit; it stands on the picture.
  const phone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  const [address, setAddress] = usePlaybackAddress();
  const [startMs] = useState(() => address.atMs ?? Date.now() - DEFAULT_BACK_MS);
  const [dayMs, setDayMs] = useState(() => startOfDay(startMs));
  const [views] = useState(
    () => new ViewStore(centre({ fromMs: startMs, toMs: startMs + (address.spanMs ?? FIRST_VIEW_MS) }, startMs)),
  );
  const [clipOpen, setClipOpen] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const goToField = useRef<HTMLInputElement>(null);

  const all = cameras.data ?? none;
  const firstId = (all.find((each) => each.unitId === units.data?.[0]?.id) ?? all[0])?.id;
  // Without a camera in the address, the first one of the first unit.
  const trackIds = useMemo(
    () => (address.cameras.length > 0 ? address.cameras : firstId && units.data ? [firstId] : []),
    [address.cameras, firstId, units.data],
  );
  const selected = Math.min(address.selected, Math.max(0, trackIds.length - 1));
  const { enlarged } = address;
  const camera = all.find((each) => each.id === trackIds[selected]);
  const tracks = useTracks(trackIds, all, dayMs, views, nowMs);
  const recording = tracks[selected]?.recording;
  const range = rangeAround(dayMs);
  const hours = useWorkingHours(camera?.unitId, range.fromMs, range.toMs);
  const unitNameOf = (of: Camera | undefined) => units.data?.find((unit) => unit.id === of?.unitId)?.name ?? '';
  const unitName = unitNameOf(camera);

  const desk = useDeck();
  const deck = desk?.deck ?? null;
  const chosen = trackIds.map((id) => all.find((each) => each.id === id));
  const sources = useDeckTracks(chosen, enlarged || trackIds.length === 1);
  const snapshot = useVodSnapshot(deck);
  const moment = useMoment(deck, 1_000);
  const wantedMs = useRef(startMs);
  const namedMs = useRef(address.atMs);

  useEffect(() => {
    if (!deck) return;
    deck.play();
    deck.seek(wantedMs.current);
  }, [deck]);
  useEffect(() => deck?.setMain(camera?.id ?? null), [deck, camera?.id]);
  // A link that was followed while the page is open.
  useEffect(() => {
    const { atMs } = address;
    if (atMs === null || atMs === namedMs.current) return;
    namedMs.current = atMs;
    wantedMs.current = atMs;
    deck?.seek(atMs);
    setDayMs(startOfDay(atMs));
    views.set((old) => centre(old, atMs));
  }, [address, deck, views]);
  useEffect(() => {
    if (moment === null) return;
    const before = wantedMs.current;
    wantedMs.current = moment;
    if (!snapshot.playing) return;
    // Whoever has moved the view away from the playhead wants to look there.
    views.set((old) => (before >= old.fromMs && before <= old.toMs ? follow(old, moment) : old));
    setDayMs(startOfDay(moment));
  }, [moment, snapshot.playing, views]);
  useEffect(() => {
    let rests: ReturnType<typeof setTimeout> | undefined;
    let length = lengthOf(views.get());
    const unsubscribe = views.subscribe(() => {
      if (lengthOf(views.get()) === length) return;
      length = lengthOf(views.get());
      clearTimeout(rests);
      rests = setTimeout(() => setAddress({ spanMs: length }), SPAN_RESTS_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(rests);
    };
  }, [views, setAddress]);

  const seek = useCallback(
    (ms: number) => {
      const at = Math.min(ms, Date.now());
      namedMs.current = Math.round(at);
      setDayMs(startOfDay(at));
      deck?.seek(at);
      views.set((old) => (at >= old.fromMs && at <= old.toMs ? old : centre(old, at)));
      setAddress({ cameras: trackIds, atMs: at });
    },
    [deck, setAddress, trackIds, views],
  );
  const choose = (ids: string[], keep: string | undefined = camera?.id) => {
    const atMs = deck?.mediaTimeMs() ?? wantedMs.current;
    namedMs.current = Math.round(atMs);
    setAddress({ cameras: ids, selected: Math.max(0, ids.indexOf(keep ?? '')), atMs, enlarged: false });
  };
  const enlarge = (track: number, on = !enlarged) => {
    if (trackIds.length > 1) setAddress({ cameras: trackIds, selected: track, enlarged: on });
  };
  const openFlag = (stretch?: { fromMs: number; toMs: number }) => {
    const atMs = deck?.mediaTimeMs();
    if (!camera || !deck || atMs === null || atMs === undefined) return;
    const inside = stretch && stretch.fromMs <= atMs && atMs <= stretch.toMs;
    flag.open({
      cameraId: camera.id,
      cameraName: camera.name,
      unitName,
      atMs: stretch && !inside ? stretch.fromMs : atMs,
      still: deck.still(),
      ...(stretch && { stretch }),
      anchor: grid.current,
    });
    deck.pause();
  };
  const { act, marks, marked, clearMarks } = usePlaybackCommands({
    deck,
    views,
    camera,
    recording,
    seek,
    onTrack: (track) => track < trackIds.length && setAddress({ cameras: trackIds, selected: track }),
    onEnlarge: (on) => enlarge(selected, on),
    onFlag: openFlag,
    onClip: () => mayExport && setClipOpen(true),
    onGoTo: () => goToField.current?.focus(),
    onLive: () => camera && navigate(paths.wall({ camera: camera.id })),
  });
  usePlaybackKeys(act);
  // The tiles and the buttons are many, and this page is rendered every second.
  const onCommand = useStable(act);
  const onSelect = useStable((track: number) => act({ kind: 'track', track }));
  const onToggle = useStable(() => act({ kind: 'toggle' }));
  const onLive = useStable(() => act({ kind: 'live' }));
  const onEnlarge = useStable((track: number) => enlarge(track));
  const onRemove = useStable((track: number) => choose(trackIds.filter((_, i) => i !== track)));
  const onRetry = useStable(() => seek(wantedMs.current));
  const onSpeed = useStable((rate: number) => deck?.setRate(rate));
  useKeyHelp(t('title'), [
    { keys: ['Space'], label: t('keys.toggle') },
    { keys: ['J', 'K', 'L'], label: t('keys.shuttle') },
    { keys: [',', '.'], label: t('keys.frame') },
    { keys: ['←', '→'], label: t('keys.skip') },
    { keys: ['PgUp', 'PgDn'], label: t('keys.incident') },
    { keys: ['N', 'Shift+N'], label: t('keys.gapEnd') },
    { keys: ['+', '−'], label: t('keys.zoom') },
    { keys: ['1', '…', '9'], label: t('keys.track') },
    { keys: ['Enter', 'Esc'], label: t('keys.enlarge') },
    { keys: ['I', 'O'], label: t('keys.marks') },
    { keys: ['G'], label: t('keys.goTo') },
    { keys: ['End'], label: t('keys.live') },
    ...(mayExport ? [{ keys: ['E'], label: t('keys.export') }] : []),
    ...(flag.may ? [{ keys: ['F'], label: t('keys.flag') }] : []),
  ]);
  const copyLink = () => {
    const atMs = deck?.mediaTimeMs() ?? null;
    const query = writeAddress({ ...address, cameras: trackIds, selected, atMs, spanMs: lengthOf(views.get()) });
    const link = new URL(`/playback?${query}`, window.location.href).href;
    // Where a browser does not allow it, the address bar holds the same.
    Promise.resolve(navigator.clipboard?.writeText(link) ?? Promise.reject(new Error('no clipboard'))).then(
      () => toast({ kind: 'done', title: t('linkCopied') }),
      () => toast({ kind: 'error', title: t('linkNotCopied') }),
    );
    if (atMs !== null) {
      namedMs.current = Math.round(atMs);
      setAddress({ cameras: trackIds, atMs });
    }
  };

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
  const shown = tracks.flatMap((track, i) => {
    const source = sources[i];
    return source ? [{ track, unitName: unitNameOf(chosen[i]), source }] : [];
  });

  return (
    <div className={classes.page}>
      <PageHeader title={t('title')} crumb={phone ? null : unitName} />
      <div ref={grid} className={classes.pictures}>
        {deck && (
          <PictureGrid
            deck={deck}
            tracks={shown}
            selected={selected}
            enlarged={enlarged}
            onSelect={onSelect}
            onToggle={onToggle}
            onEnlarge={onEnlarge}
            onRemove={onRemove}
            onLive={onLive}
            onRetry={onRetry}
          />
        )}
      </div>
      <SidePanel
        cameras={all}
        units={units.data ?? []}
        camera={camera}
        chosen={trackIds}
        dayMs={dayMs}
        momentMs={moment}
        nowMs={nowMs}
        marks={marks}
        incidents={dayIncidents}
        categories={categories.data ?? []}
        mayFlag={flag.may}
        mayExport={mayExport}
        goToField={goToField}
        onChosen={choose}
        onUnit={() => {
          const own = all.filter((each) => each.unitId === camera?.unitId).map((each) => each.id);
          if (own.length > 0) choose(own.slice(0, MOST_CAMERAS));
        }}
        onCopyLink={copyLink}
        onClip={() => act({ kind: 'export' })}
        onDay={(day) => seek(day + Math.max(0, (moment ?? startMs) - startOfDay(moment ?? startMs)))}
        onGoTo={seek}
        onFlagMarks={() => openFlag(marked)}
        onClearMarks={clearMarks}
      />
      <div className={classes.below}>
        {desk && (
          <Timeline
            day={{ fromMs: dayMs, toMs: dayMs + DAY_MS }}
            views={views}
            tracks={tracks}
            selected={selected}
            hours={hours.data?.hours ?? []}
            marks={marks}
            nowMs={nowMs}
            playheadMs={desk.deck.mediaTimeMs}
            previews={desk.previews}
            wishAt={(atMs) => {
              const source = sources[selected];
              return source ? { ...source, atMs } : null;
            }}
            onSeek={(ms, scrubbed) => {
              if (scrubbed) desk.deck.play();
              seek(ms);
            }}
            onScrub={(ms) => desk.deck.scrub(Math.min(ms, Date.now()))}
            onSelect={(track) => act({ kind: 'track', track })}
          />
        )}
        <Transport
          deck={deck}
          cameras={enlarged ? 1 : trackIds.length}
          views={views}
          mayFlag={flag.may}
          act={onCommand}
          onSpeed={onSpeed}
        />
      </div>
      {clipOpen && marked && (
        <ClipDialog
          stretch={marked}
          cameras={tracks.map(({ cameraId, name, recording: of }) => ({
            cameraId,
            name,
            stream: of?.stream ?? 'main',
          }))}
          onClose={() => setClipOpen(false)}
        />
      )}
      {flag.element}
    </div>
  );
}
