import { Button, CloseButton, Textarea } from '@mantine/core';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconClockPlay from '@tabler/icons-react/icons/IconClockPlay';
import IconLock from '@tabler/icons-react/icons/IconLock';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Category, Incident } from '../../../server/contracts/incidents.ts';
import { ApiError, useCategories, useCreateIncident } from '../../api/queries.ts';
import { useErrorText } from '../error-text.ts';
import { KeyCap } from '../key-cap.tsx';
import { SeverityMark } from '../severity.tsx';
import { formatTime } from '../time.ts';
import { useLang } from '../use-lang.ts';
import { useNow } from '../use-now.ts';
import { dropDraft, type FlagDraft, latestDraft, recentCodes, storeDraft, storeRecentCodes } from './flag-draft.ts';
import { pendingMs, remember, scaleOf, suggest } from './flag-policy.ts';
import classes from './flag-popover.module.css';
import { FlagRepeats } from './flag-repeats.tsx';
import { StretchSlider } from './stretch-slider.tsx';
import { useBeside } from './use-beside.ts';

type Props = {
  draft: FlagDraft;
  /** The tile that is flagged: the pop-over stands beside it. */
  anchor: HTMLElement | null;
  onSaved: (incident: Incident) => void;
  onLeave: (draft: FlagDraft) => void;
};

const MOST_SUGGESTIONS = 6;

/** Writes one flag: category, severity, note, stretch. Enter saves, Esc leaves; two keystrokes with the last category. */
export function FlagPopover({ draft: first, anchor, onSaved, onLeave }: Props) {
  const { t } = useTranslation('flag');
  const { t: common } = useTranslation();
  const lang = useLang();
  const now = useNow();
  const words = useErrorText();
  const listId = useId();
  const code = useRef<HTMLInputElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState(() => latestDraft(first));
  const [highlighted, setHighlighted] = useState(0);
  const [touched, setTouched] = useState(false);
  const [missing, setMissing] = useState(false);
  const categories = useCategories();
  const create = useCreateIncident();
  const place = useBeside(card, anchor);

  const list = categories.data ?? [];
  const suggestions = useMemo(() => suggest(categories.data ?? [], draft.typed), [categories.data, draft.typed]);
  const chosen: Category | undefined = suggestions[Math.min(highlighted, suggestions.length - 1)];
  const severity = draft.severity ?? chosen?.severity ?? null;
  const nameOf = (category: Category) => category[lang];
  const exact = chosen !== undefined && draft.typed.trim().toUpperCase() === chosen.code;
  const openList = touched && !exact && suggestions.length > 0;
  const recent = recentCodes().flatMap((each) => list.find((category) => category.code === each) ?? []);
  const pending = pendingMs(draft, now);

  useEffect(() => {
    storeDraft(draft, Date.now());
  }, [draft]);
  useEffect(() => {
    code.current?.focus();
    code.current?.select();
  }, []);

  const change = (part: Partial<FlagDraft>) => setDraft((old) => ({ ...old, ...part }));
  const type = (typed: string) => {
    change({ typed });
    setHighlighted(0);
    setTouched(true);
    setMissing(false);
  };
  const pick = (category: Category) => {
    change({ typed: category.code });
    setHighlighted(0);
    setTouched(false);
    setMissing(false);
    code.current?.focus();
  };
  const save = () => {
    if (create.isPending) return;
    if (!chosen) {
      setMissing(true);
      code.current?.focus();
      return;
    }
    const { cameraId, fromMs, toMs, atMs, note } = draft;
    create.mutate(
      { cameraId, category: chosen.code, fromMs, toMs, atMs, severity: severity ?? chosen.severity, note },
      {
        onSuccess: (incident) => {
          storeRecentCodes(remember(recentCodes(), chosen.code));
          dropDraft(draft);
          onSaved(incident);
        },
      },
    );
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    // Keys typed here are no commands of the page behind.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      onLeave(draft);
    } else if (event.key === 'Enter' && !(event.shiftKey && event.target instanceof HTMLTextAreaElement)) {
      if (event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      save();
    } else if (event.target === code.current && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setTouched(true);
      const by = event.key === 'ArrowDown' ? 1 : -1;
      const many = Math.min(MOST_SUGGESTIONS, suggestions.length);
      if (many > 0) setHighlighted((highlighted + by + many) % many);
    }
  };
  const offline = create.error instanceof ApiError && create.error.status === 0;

  return (
    <div
      className={classes.card}
      data-tone="dark"
      data-sheet={place === 'sheet' || undefined}
      style={place === 'sheet' || place === null ? undefined : place}
      ref={card}
      role="dialog"
      aria-label={t('title')}
      data-testid="flag-popover"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className={classes.head}>
        {draft.still ? <img src={draft.still} alt={t('still')} /> : <span className={classes.noStill} />}
        <div>
          <h2>{t('title')}</h2>
          <p className={classes.what}>
            {draft.unitName}, {draft.cameraName} · {formatTime(draft.atMs)}
          </p>
          <p className={classes.held}>
            <IconLock size={14} stroke={1.8} aria-hidden /> {t('held')}
          </p>
        </div>
        <CloseButton aria-label={common('close')} onClick={() => onLeave(draft)} />
      </div>

      <label className={classes.label} htmlFor={`${listId}-code`}>
        {t('category')}
      </label>
      <div className={classes.code}>
        <input
          id={`${listId}-code`}
          ref={code}
          value={draft.typed}
          autoComplete="off"
          spellCheck={false}
          placeholder={t('categoryHint')}
          role="combobox"
          aria-expanded={openList}
          aria-controls={listId}
          aria-activedescendant={openList && chosen ? `${listId}-${chosen.code}` : undefined}
          aria-invalid={missing}
          aria-describedby={missing ? `${listId}-missing` : undefined}
          onChange={(event) => type(event.currentTarget.value)}
        />
        {exact && <span className={classes.name}>{nameOf(chosen)}</span>}
        <KeyCap>↵</KeyCap>
        {openList && (
          <div className={classes.list} id={listId} role="listbox" aria-label={t('category')}>
            {suggestions.slice(0, MOST_SUGGESTIONS).map((category, i) => (
              <div
                key={category.code}
                id={`${listId}-${category.code}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === highlighted}
                className={classes.option}
                onPointerDown={(event) => {
                  event.preventDefault();
                  pick(category);
                }}
              >
                <SeverityMark severity={category.severity} label={false} />
                <b>{category.code}</b> {nameOf(category)}
              </div>
            ))}
          </div>
        )}
      </div>
      {missing && (
        <p className={classes.error} id={`${listId}-missing`} role="alert">
          {draft.typed.trim() === '' ? t('missing') : t('unknown', { typed: draft.typed.trim() })}
        </p>
      )}
      {chosen !== undefined && (exact || touched) && (
        <FlagRepeats cameraId={draft.cameraId} category={chosen.code} atMs={draft.atMs} />
      )}
      {recent.length > 0 && (
        <div className={classes.recent}>
          <span>{t('recent')}</span>
          {recent.slice(0, 2).map((category) => (
            <button key={category.code} type="button" onClick={() => pick(category)} title={nameOf(category)}>
              {category.code} {nameOf(category)}
            </button>
          ))}
        </div>
      )}

      <fieldset className={classes.severities}>
        <legend className={classes.label}>
          {t('severity')} <span className={classes.hint}>{t('severityHint')}</span>
        </legend>
        {([1, 2, 3] as const).map((level) => (
          <button
            key={level}
            type="button"
            aria-pressed={severity === level}
            data-severity={level}
            onClick={() => change({ severity: level })}
          >
            <SeverityMark severity={level} label={false} /> {common(`severity.${level}`)}
            {severity === level && <IconCheck size={16} stroke={2} aria-hidden />}
          </button>
        ))}
      </fieldset>

      <Textarea
        label={t('note')}
        classNames={{ label: classes.label, input: classes.note }}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={4_000}
        value={draft.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />

      <p className={classes.label}>
        {t('stretch.label')}{' '}
        <span className={classes.hint}>
          {t('stretch.range', {
            from: formatTime(draft.fromMs),
            to: formatTime(draft.toMs),
            count: Math.round((draft.toMs - draft.fromMs) / 1_000),
          })}
        </span>
      </p>
      <StretchSlider
        stretch={draft}
        scale={scaleOf(draft.opened, draft.atMs)}
        atMs={draft.atMs}
        nowMs={now}
        onChange={(stretch) => change({ fromMs: stretch.fromMs, toMs: stretch.toMs })}
      />
      <p className={classes.pending}>
        {pending > 0 && (
          <>
            <IconClockPlay size={16} stroke={1.8} aria-hidden /> {t('pending', { count: Math.ceil(pending / 1_000) })}
          </>
        )}
      </p>
      {create.isError && (
        <p className={classes.error} role="alert">
          {offline ? t('offline') : words(create.error)}
        </p>
      )}
      <div className={classes.foot}>
        <Button variant="subtle" color="gray" onClick={() => onLeave(draft)} rightSection={<KeyCap>Esc</KeyCap>}>
          {common('cancel')}
        </Button>
        <Button onClick={save} loading={create.isPending} rightSection={<KeyCap>↵</KeyCap>} data-testid="flag-save">
          {create.isError ? t('again') : t('save')}
        </Button>
      </div>
    </div>
  );
}
