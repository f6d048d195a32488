import { ActionIcon, Button, CloseButton, TextInput, Tooltip } from '@mantine/core';
import IconArrowRight from '@tabler/icons-react/icons/IconArrowRight';
import IconBuildingCommunity from '@tabler/icons-react/icons/IconBuildingCommunity';
import IconLink from '@tabler/icons-react/icons/IconLink';
import { type RefObject, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Severity } from '../../../server/contracts/common.ts';
import type { Category } from '../../../server/contracts/incidents.ts';
import type { TimelineIncident } from '../../../server/contracts/timeline.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { useTimeline } from '../../api/queries.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import {
  DAY_MS,
  formatDate,
  formatDuration,
  formatMinute,
  formatTime,
  parseDateTime,
  startOfDay,
} from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { CameraPicker } from './camera-picker.tsx';
import { Month, monthStart } from './month.tsx';
import classes from './side-panel.module.css';
import { useStable } from './use-stable.ts';

type Props = {
  cameras: readonly Camera[];
  units: readonly Unit[];
  camera: Camera | undefined;
  chosen: readonly string[];
  dayMs: number;
  momentMs: number | null;
  nowMs: number;
  marks: { inMs: number | null; outMs: number | null };
  incidents: readonly TimelineIncident[];
  categories: readonly Category[];
  mayFlag: boolean;
  mayExport: boolean;
  goToField: RefObject<HTMLInputElement | null>;
  onChosen: (cameraIds: string[]) => void;
  onUnit: () => void;
  onCopyLink: () => void;
  onClip: () => void;
  onDay: (dayMs: number) => void;
  onGoTo: (ms: number) => void;
  onFlagMarks: () => void;
  onClearMarks: () => void;
};

/** Which camera, which day, go to a time, what is marked, what was flagged that day. */
export function SidePanel(props: Props) {
  const { cameras, units, camera, dayMs, momentMs, nowMs, marks, incidents, categories } = props;
  const { t } = useTranslation('playback');
  const lang = useLang();
  const [shownMonth, setShownMonth] = useState<number | null>(null);
  const monthMs = shownMonth ?? monthStart(dayMs);
  const stream = camera?.streams.some((each) => each.name === 'main') === false ? 'sub' : 'main';
  const month = useTimeline(camera?.id, stream, monthMs, monthStart(monthMs, 1));
  const graves = useMemo(() => {
    const highest = new Map<number, Severity>();
    for (const each of month.data?.incidents ?? []) {
      const day = monthMs + Math.floor((each.atMs - monthMs) / DAY_MS) * DAY_MS;
      if (each.severity > (highest.get(day) ?? 0)) highest.set(day, each.severity);
    }
    return highest;
  }, [month.data, monthMs]);
  const stretches = month.data?.recorded;
  const recorded = useCallback(
    (day: number) => stretches?.some(([from, to]) => from < day + DAY_MS && to > day) ?? false,
    [stretches],
  );
  const severity = useCallback((day: number) => graves.get(day) ?? null, [graves]);
  const onDay = useStable((day: number) => {
    setShownMonth(null);
    props.onDay(day);
  });
  const nameOf = (code: string) => categories.find((each) => each.code === code)?.[lang] ?? code;
  const marked = marks.inMs !== null && marks.outMs !== null ? { fromMs: marks.inMs, toMs: marks.outMs } : null;

  return (
    <aside className={classes.panel} aria-label={t('panel')}>
      <div className={classes.cameras}>
        <CameraPicker cameras={cameras} units={units} chosen={props.chosen} onChosen={props.onChosen} />
        <Tooltip label={t('wholeUnit')}>
          <ActionIcon size={32} variant="default" aria-label={t('wholeUnit')} onClick={props.onUnit}>
            <IconBuildingCommunity size={18} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('copyLink')}>
          <ActionIcon size={32} variant="default" aria-label={t('copyLink')} onClick={props.onCopyLink}>
            <IconLink size={18} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Month
        monthMs={monthMs}
        chosenMs={dayMs}
        todayMs={startOfDay(nowMs)}
        recorded={recorded}
        severity={severity}
        onMonth={setShownMonth}
        onDay={onDay}
      />
      <GoTo momentMs={momentMs} dayMs={dayMs} field={props.goToField} onGoTo={props.onGoTo} />
      {(marks.inMs !== null || marks.outMs !== null) && (
        <section className={classes.marks}>
          <h2>
            {t('marks.title')}
            <CloseButton size="sm" aria-label={t('marks.clear')} onClick={props.onClearMarks} />
          </h2>
          <p className={classes.range}>
            {marks.inMs === null ? '…' : formatTime(marks.inMs)}
            <IconArrowRight size={16} stroke={1.8} aria-hidden />
            {marks.outMs === null ? '…' : formatTime(marks.outMs)}
          </p>
          <p className={classes.hint}>{marked ? formatDuration(marked.toMs - marked.fromMs) : t('marks.half')}</p>
          {marked && (
            <div className={classes.markActs}>
              {props.mayFlag && (
                <Button size="xs" h={32} onClick={props.onFlagMarks}>
                  {t('marks.flag')}
                </Button>
              )}
              {props.mayExport && (
                <Button size="xs" h={32} variant="default" onClick={props.onClip}>
                  {t('marks.clip')}
                </Button>
              )}
            </div>
          )}
        </section>
      )}
      <section className={classes.incidents}>
        <h2>{t('incidents')}</h2>
        {incidents.length === 0 && <p className={classes.hint}>{t('noIncidents')}</p>}
        {incidents.map((incident) => (
          <button
            key={incident.id}
            type="button"
            aria-current={(momentMs !== null && incident.fromMs <= momentMs && momentMs < incident.toMs) || undefined}
            onClick={() => props.onGoTo(incident.fromMs)}
          >
            <SeverityMark severity={incident.severity} />
            <span>{formatMinute(incident.atMs)}</span>
            <b>{nameOf(incident.category)}</b>
          </button>
        ))}
      </section>
    </aside>
  );
}

type GoToProps = {
  momentMs: number | null;
  dayMs: number;
  field: RefObject<HTMLInputElement | null>;
  onGoTo: (ms: number) => void;
};

/** Date and time typed by hand; G comes here. */
function GoTo({ momentMs, dayMs, field, onGoTo }: GoToProps) {
  const { t } = useTranslation('playback');
  const [date, setDate] = useState<string | null>(null);
  const [time, setTime] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const shownDate = date ?? formatDate(momentMs ?? dayMs);
  const shownTime = time ?? (momentMs === null ? '' : formatTime(momentMs));
  const go = () => {
    const ms = parseDateTime(`${shownDate} ${shownTime}`, dayMs);
    setWrong(ms === null);
    if (ms === null) return;
    setDate(null);
    setTime(null);
    field.current?.blur();
    onGoTo(ms);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') go();
    if (event.key === 'Escape') {
      setDate(null);
      setTime(null);
      setWrong(false);
      (event.target as HTMLElement).blur();
    }
  };
  return (
    <div>
      <div className={classes.goTo}>
        <TextInput
          aria-label={t('date')}
          value={shownDate}
          onChange={(e) => setDate(e.currentTarget.value)}
          onKeyDown={onKeyDown}
          error={wrong}
        />
        <TextInput
          aria-label={t('time')}
          ref={field}
          value={shownTime}
          onFocus={(e) => e.currentTarget.select()}
          onChange={(e) => setTime(e.currentTarget.value)}
          onKeyDown={onKeyDown}
          error={wrong}
        />
        <Button variant="default" px={8} onClick={go} rightSection={<KeyCap>G</KeyCap>}>
          {t('goTo')}
        </Button>
      </div>
      {wrong && (
        <p className={classes.wrong} role="alert">
          {t('goToWrong')}
        </p>
      )}
    </div>
  );
}
