import { ActionIcon, Button, Slider, Tooltip } from '@mantine/core';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconCircleDot from '@tabler/icons-react/icons/IconCircleDot';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconLink from '@tabler/icons-react/icons/IconLink';
import IconPlayerPauseFilled from '@tabler/icons-react/icons/IconPlayerPauseFilled';
import IconPlayerPlayFilled from '@tabler/icons-react/icons/IconPlayerPlayFilled';
import IconPlayerSkipBack from '@tabler/icons-react/icons/IconPlayerSkipBack';
import IconPlayerSkipForward from '@tabler/icons-react/icons/IconPlayerSkipForward';
import IconPlayerTrackNext from '@tabler/icons-react/icons/IconPlayerTrackNext';
import IconPlayerTrackPrev from '@tabler/icons-react/icons/IconPlayerTrackPrev';
import IconZoomIn from '@tabler/icons-react/icons/IconZoomIn';
import IconZoomOut from '@tabler/icons-react/icons/IconZoomOut';
import { memo, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Digits } from '../../components/digit-clock.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { formatDate, formatTime, formatWeekday } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useMoment, useVodSnapshot } from '../../player/use-moment.ts';
import type { VodDeck } from '../../player/vod-deck.ts';
import { SPEEDS } from '../../player/vod-policy.ts';
import type { PlaybackCommand } from './playback-keys.ts';
import { LONGEST_MS, lengthOf, SHORTEST_MS } from './timeline-scale.ts';
import classes from './transport.module.css';
import { useView, type ViewStore } from './view-store.ts';

type Props = {
  deck: VodDeck | null;
  cameras: number;
  views: ViewStore;
  mayFlag: boolean;
  act: (command: PlaybackCommand) => void;
  onSpeed: (rate: number) => void;
};

const words = ['¼', '½', '1×', '2×', '4×', '8×', '16×'];
const ratio = Math.log(LONGEST_MS / SHORTEST_MS);

/** Clock, play and step buttons, speed, zoom, back to live. */
export const Transport = memo(function Transport({ deck, cameras, views, mayFlag, act, onSpeed }: Props) {
  const { t } = useTranslation('playback');
  const lang = useLang();
  const { playing, rate } = useVodSnapshot(deck);
  const moment = useMoment(deck, 1_000);
  const speed = playing && rate < 0 ? null : (SPEEDS as readonly number[]).indexOf(rate);
  const button = (label: string, cap: string, icon: React.ReactNode, command: PlaybackCommand) => (
    <Tooltip label={`${label} (${cap})`}>
      <ActionIcon size={36} aria-label={label} onClick={() => act(command)}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className={classes.bar}>
      <div className={classes.clock} data-testid="playback-clock">
        <b>{moment === null ? '--:--:--' : <Digits text={formatTime(moment)} />}</b>
        <span>{moment !== null && `${formatWeekday(moment, lang)}, ${formatDate(moment)}`}</span>
      </div>
      <div className={classes.buttons}>
        {button(t('previousIncident'), 'PgUp', <IconPlayerSkipBack size={20} stroke={1.8} />, {
          kind: 'incident',
          direction: -1,
        })}
        {button(t('backwards'), 'J', <IconPlayerTrackPrev size={20} stroke={1.8} />, { kind: 'shuttle', key: 'j' })}
        {button(t('frameBack'), ',', <IconChevronLeft size={20} stroke={1.8} />, { kind: 'frame', direction: -1 })}
        <Tooltip label={`${playing ? t('pause') : t('play')} (Space)`}>
          <ActionIcon
            className={classes.play}
            variant="filled"
            color="blue"
            aria-label={playing ? t('pause') : t('play')}
            onClick={() => act({ kind: 'toggle' })}
          >
            {playing ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
          </ActionIcon>
        </Tooltip>
        {button(t('frameOn'), '.', <IconChevronRight size={20} stroke={1.8} />, { kind: 'frame', direction: 1 })}
        {button(t('forwards'), 'L', <IconPlayerTrackNext size={20} stroke={1.8} />, { kind: 'shuttle', key: 'l' })}
        {button(t('nextIncident'), 'PgDn', <IconPlayerSkipForward size={20} stroke={1.8} />, {
          kind: 'incident',
          direction: 1,
        })}
      </div>
      <div className={classes.speeds}>
        <Segmented
          compact
          label={t('speed')}
          value={String(speed)}
          options={SPEEDS.map((_, i) => ({
            value: String(i),
            label: words[i],
            title: t('speedOf', { rate: words[i] }),
          }))}
          onChange={(value) => onSpeed(SPEEDS[Number(value)] ?? 1)}
        />
        {playing && rate < 0 && <span className={classes.reverse}>{t('reverse', { rate: -rate })}</span>}
      </div>
      {cameras > 1 && <Sync deck={deck} cameras={cameras} />}
      <div className={classes.zoom} data-tight={cameras > 1 || undefined}>
        {button(t('zoomOut'), '−', <IconZoomOut size={18} stroke={1.8} />, { kind: 'zoom', factor: 2 })}
        <Zoom views={views} act={act} />
        {button(t('zoomIn'), '+', <IconZoomIn size={18} stroke={1.8} />, { kind: 'zoom', factor: 0.5 })}
      </div>
      {mayFlag && (
        <Button
          size="xs"
          h={36}
          leftSection={<IconFlag size={18} stroke={1.8} />}
          onClick={() => act({ kind: 'flag' })}
          data-testid="flag-button"
        >
          {t('flag')}
        </Button>
      )}
      <Button
        size="xs"
        h={36}
        variant="default"
        aria-label={t('toLive')}
        leftSection={<IconCircleDot size={18} stroke={1.8} />}
        onClick={() => act({ kind: 'live' })}
      >
        <span className={classes.liveWord}>{t('toLive')}</span>
      </Button>
    </div>
  );
});

/** Apart from the other buttons, since it changes at every turn of the wheel. */
function Zoom({ views, act }: Pick<Props, 'views' | 'act'>) {
  const { t } = useTranslation('playback');
  const zoomed = useView(views, (view) => Math.round(100 - (Math.log(lengthOf(view) / SHORTEST_MS) / ratio) * 100));
  return (
    <Slider
      size="sm"
      w={64}
      label={null}
      thumbLabel={t('zoom')}
      value={zoomed}
      onChange={(value) =>
        act({ kind: 'zoom', factor: (SHORTEST_MS * Math.exp(((100 - value) / 100) * ratio)) / lengthOf(views.get()) })
      }
    />
  );
}

const SPREAD_EVERY_MS = 1_000;

/** That several cameras follow one clock, and how far apart they lie now. */
function Sync({ deck, cameras }: { deck: VodDeck | null; cameras: number }) {
  const { t } = useTranslation('playback');
  const [spread, setSpread] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setSpread(deck?.spreadMs() ?? null), SPREAD_EVERY_MS);
    return () => clearInterval(timer);
  }, [deck]);
  return (
    <span className={classes.sync}>
      <IconLink size={16} stroke={1.8} aria-hidden />
      <b>{t('inStep', { count: cameras })}</b>
      {spread !== null && <span>{t('spread', { ms: Math.round(spread) })}</span>}
    </span>
  );
}
