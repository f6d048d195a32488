import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconVideo from '@tabler/icons-react/icons/IconVideo';
import IconX from '@tabler/icons-react/icons/IconX';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { useCameras } from '../../api/cameras.ts';
import { FieldError } from '../../components/field.tsx';
import { formatDateTime, formatDuration, formatTime } from '../../components/time.ts';
import classes from './case-stretch.module.css';
import { MOST_STRETCHES, moveEnd, readStretch, type Span, scaleAround, scaleFor } from './case-stretch-policy.ts';
import type { StepDraft } from './draft.ts';

type Marked = StepDraft['stretches'];

interface PickerProps {
  incident: Incident;
  value: Marked;
  onChange: (value: Marked) => void;
}

/** Other stretches of the unit's own cameras that belong to its answer. */
export function StretchPicker({ incident, value, onChange }: PickerProps) {
  const { t } = useTranslation('incidents');
  const [adding, setAdding] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const back = () => {
    setAdding(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <div className={classes.picker}>
      {value.length > 0 && (
        <ul className={classes.marked} aria-label={t('stretches.label')}>
          {value.map((one) => (
            <li key={`${one.cameraId} ${one.fromMs} ${one.toMs}`}>
              <IconVideo size={18} stroke={1.8} aria-hidden />
              <span>
                <b>{one.cameraName}</b> {formatDateTime(one.fromMs)} – {formatTime(one.toMs)} (
                {formatDuration(one.toMs - one.fromMs)})
              </span>
              <ActionIcon
                aria-label={t('stretches.remove', { name: one.cameraName, from: formatTime(one.fromMs) })}
                onClick={() => {
                  onChange(value.filter((other) => other !== one));
                  requestAnimationFrame(() => opener.current?.focus());
                }}
              >
                <IconX size={18} stroke={1.8} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {adding ? (
        <NewStretch
          incident={incident}
          onAdd={(added) => {
            onChange([...value, added]);
            back();
          }}
          onLeave={back}
        />
      ) : (
        value.length < MOST_STRETCHES && (
          <Button
            ref={opener}
            variant="default"
            className={classes.add}
            leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t('stretches.add')}
          </Button>
        )
      )}
    </div>
  );
}

interface NewProps {
  incident: Incident;
  onAdd: (stretch: Marked[number]) => void;
  onLeave: () => void;
}

function NewStretch({ incident, onAdd, onLeave }: NewProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const own = useCameras().data?.filter(({ unitId }) => unitId === incident.unitId) ?? [];
  const [cameraId, setCameraId] = useState(incident.cameraId);
  const [from, setFrom] = useState(formatDateTime(incident.fromMs));
  const [to, setTo] = useState(formatTime(incident.toMs));
  const [tried, setTried] = useState(false);
  const [scale, setScale] = useState(() => scaleAround(incident, Date.now()));
  const read = readStretch(from, to, incident.fromMs, Date.now());
  const problem = tried && 'problem' in read ? read.problem : null;
  const cameras = own.length > 0 ? own : [{ id: incident.cameraId, name: incident.cameraName }];
  const set = (span: Span) => {
    setFrom(formatDateTime(span.fromMs));
    setTo(formatTime(span.toMs));
  };
  const type = (nextFrom: string, nextTo: string) => {
    setFrom(nextFrom);
    setTo(nextTo);
    const typed = readStretch(nextFrom, nextTo, incident.fromMs, Date.now());
    if (!('problem' in typed)) setScale((scale) => scaleFor(typed, scale, Date.now()));
  };
  const field = (end: 'from' | 'to', value: string, change: (text: string) => void) => (
    <TextInput
      label={t(`stretches.${end}`)}
      value={value}
      maxLength={40}
      error={problem === end}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
  return (
    <fieldset className={classes.fresh}>
      <legend>{t('stretches.add')}</legend>
      <Select
        data-autofocus
        label={t('stretches.camera')}
        data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
        value={cameraId}
        allowDeselect={false}
        onChange={(id) => setCameraId(id ?? incident.cameraId)}
      />
      <div className={classes.times}>
        {field('from', from, (text) => type(text, to))}
        {field('to', to, (text) => type(from, text))}
      </div>
      {!('problem' in read) && read.fromMs >= scale.fromMs && read.toMs <= scale.toMs && (
        <Strip span={read} scale={scale} seen={incident} onChange={set} />
      )}
      {problem !== null && <FieldError>{t(`stretches.problem.${problem}`)}</FieldError>}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onLeave}>
          {t('common:cancel')}
        </Button>
        <Button
          variant="light"
          onClick={() => {
            setTried(true);
            if ('problem' in read) return;
            onAdd({ cameraId, cameraName: cameras.find(({ id }) => id === cameraId)?.name ?? '', ...read });
          }}
        >
          {t('stretches.take')}
        </Button>
      </div>
    </fieldset>
  );
}

interface StripProps {
  span: Span;
  scale: Span;
  /** The stretch of the case itself, to go by. */
  seen: Span;
  onChange: (span: Span) => void;
}

/** The small timeline: two ends to draw around the stretch of the case. */
function Strip({ span, scale, seen, onChange }: StripProps) {
  const { t } = useTranslation('incidents');
  const share = (ms: number) => `${((ms - scale.fromMs) / (scale.toMs - scale.fromMs)) * 100}%`;
  const lies = ({ fromMs, toMs }: Span) => ({ left: share(fromMs), right: `calc(100% - ${share(toMs)})` });
  const end = (which: 'from' | 'to', value: number) => (
    <input
      type="range"
      className={classes.range}
      min={scale.fromMs}
      max={scale.toMs}
      step={1000}
      value={value}
      aria-label={t(`stretches.${which}`)}
      aria-valuetext={formatTime(value)}
      onChange={(event) => onChange(moveEnd(span, which, Number(event.currentTarget.value), scale))}
    />
  );
  return (
    <div>
      <div className={classes.strip}>
        <div className={classes.track} aria-hidden>
          <div className={classes.seen} style={lies(seen)} />
          <div className={classes.chosen} style={lies(span)} />
        </div>
        {end('from', span.fromMs)}
        {end('to', span.toMs)}
      </div>
      <div className={classes.ends} aria-hidden>
        <span>{formatTime(scale.fromMs)}</span>
        <span className={classes.legend}>{t('stretches.seen')}</span>
        <span>{formatTime(scale.toMs)}</span>
      </div>
    </div>
  );
}
