import { useDebouncedValue } from '@mantine/hooks';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconClipboardList from '@tabler/icons-react/icons/IconClipboardList';
import IconDeviceCctv from '@tabler/icons-react/icons/IconDeviceCctv';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Me } from '../../server/contracts/session.ts';
import { useCameras } from '../api/cameras.ts';
import { useIncidents } from '../api/incidents.ts';
import { useCategories, useUnits } from '../api/units.ts';
import { KeyCap } from '../components/key-cap.tsx';
import { isTyping } from '../components/use-key-help.ts';
import { useLang } from '../components/use-lang.ts';
import { mayOpen } from './screens.ts';
import classes from './search.module.css';
import { findPlaces, type Hit, incidentHits, looksLikeIncidentNumber } from './search-hits.ts';

const GLYPHS = { units: IconBuilding, cameras: IconDeviceCctv, incidents: IconClipboardList };
const DEBOUNCE_MS = 150;
const MOST_INCIDENTS = 6;

function useHits(query: string, person: Me, active: boolean): Hit[] {
  const { t } = useTranslation();
  const lang = useLang();
  const [asked] = useDebouncedValue(query.trim(), DEBOUNCE_MS);
  const incidentsToo = mayOpen('incidents', person);
  const units = useUnits({ enabled: active });
  const cameras = useCameras({ enabled: active });
  const categories = useCategories({ enabled: active && incidentsToo });
  const wantsIncidents = active && incidentsToo && looksLikeIncidentNumber(asked);
  const incidents = useIncidents({ q: asked, limit: MOST_INCIDENTS }, { enabled: wantsIncidents });
  const places = findPlaces(query, person, units.data ?? [], cameras.data ?? [], (count) =>
    t('search.cameraCount', { count }),
  );
  const found = wantsIncidents ? (incidents.data?.pages[0]?.items ?? []) : [];
  const name = (code: string) => categories.data?.find((category) => category.code === code)?.[lang] ?? code;
  return [...incidentHits(found, name), ...places];
}

/** Finds units, cameras and incident numbers. `/` goes to it; arrows choose, Enter opens, Esc leaves. */
export function Search({
  person,
  autoFocus = false,
  onLeave,
}: {
  person: Me;
  autoFocus?: boolean;
  onLeave?: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLElement>(null);
  const listId = useId();
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState(0);
  const hits = useHits(query, person, opened);
  const at = Math.min(chosen, Math.max(0, hits.length - 1));

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);

  const leave = () => {
    setOpened(false);
    setQuery('');
    input.current?.blur();
    onLeave?.();
  };
  const open = (to: string | undefined) => {
    if (to === undefined) return;
    leave();
    void navigate(to);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') leave();
    else if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0));
    else if (event.key === 'Enter') open((event.shiftKey && hits[at]?.playback) || hits[at]?.to);
    else return;
    event.preventDefault();
  };

  const placeholder = t(mayOpen('incidents', person) ? 'search.placeholder' : 'search.placeholderCameras');
  return (
    <search
      ref={root}
      className={classes.root}
      onBlur={(event) => {
        if (!root.current?.contains(event.relatedTarget)) setOpened(false);
      }}
    >
      <IconSearch className={classes.glass} size={18} stroke={1.8} aria-hidden />
      <input
        ref={input}
        className={classes.input}
        role="combobox"
        aria-expanded={opened && query !== ''}
        aria-controls={listId}
        aria-activedescendant={opened && hits[at] ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        aria-label={t('search.label')}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onFocus={() => setOpened(true)}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
          setOpened(true);
        }}
        onKeyDown={onKeyDown}
      />
      {query === '' && (
        <span className={classes.key}>
          <KeyCap>/</KeyCap>
        </span>
      )}
      {opened && query.trim() !== '' && (
        <div className={classes.results}>
          {hits.length === 0 && (
            <p className={classes.none} role="status">
              <b>{t('search.none', { query: query.trim() })}</b>
              {t('search.noneHint')}
            </p>
          )}
          <div role="listbox" id={listId} aria-label={t('search.label')}>
            {hits.map((hit, index) => (
              <HitRow
                key={`${hit.kind}-${hit.id}`}
                id={`${listId}-${index}`}
                hit={hit}
                first={hits[index - 1]?.kind !== hit.kind}
                chosen={index === at}
                onOpen={open}
              />
            ))}
          </div>
        </div>
      )}
    </search>
  );
}

interface HitRowProps {
  id: string;
  hit: Hit;
  first: boolean;
  chosen: boolean;
  onOpen: (to: string) => void;
}

function HitRow({ id, hit, first, chosen, onOpen }: HitRowProps) {
  const { t } = useTranslation();
  const Glyph = GLYPHS[hit.kind];
  // One choice with two ways in: a list box may hold nothing but choices, so the second way is a place to press within it.
  const press = (target: EventTarget) => {
    const second = target instanceof Element && target.closest('[data-playback]') !== null;
    onOpen(second && hit.playback !== undefined ? hit.playback : hit.to);
  };
  return (
    <>
      {first && (
        <div className={classes.heading} role="presentation">
          {t(`search.${hit.kind}`)}
        </div>
      )}
      {/* Pressing must not take the focus from the field before the click arrives. */}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        tabIndex={-1}
        className={classes.row}
        data-chosen={chosen || undefined}
        onMouseDown={(event) => event.preventDefault()}
        onClick={(event) => press(event.target)}
        onKeyDown={(event) => event.key === 'Enter' && press(event.target)}
      >
        <Glyph size={18} stroke={1.8} aria-hidden />
        <span className={classes.title}>{hit.title}</span>
        <span className={classes.detail}>{hit.detail}</span>
        {hit.playback !== undefined && (
          <span className={classes.playback} data-playback title="Shift + Enter">
            <IconHistory size={16} stroke={1.8} aria-hidden />
            {t('search.playback')}
          </span>
        )}
      </div>
    </>
  );
}
