import { ActionIcon } from '@mantine/core';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import IconX from '@tabler/icons-react/icons/IconX';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Me } from '../../server/contracts/session.ts';
import { useConnection } from '../api/realtime.ts';
import { DigitClock } from '../components/digit-clock.tsx';
import { NoticeBell } from '../components/notices/notice-bell.tsx';
import { formatDate, formatWeekday, MINUTE_MS } from '../components/time.ts';
import { useLang } from '../components/use-lang.ts';
import { useNow } from '../components/use-now.ts';
import { AccountMenu } from './account-menu.tsx';
import { LanguageSwitch, SimulatedLabel } from './labels.tsx';
import { Mark } from './mark.tsx';
import { screensOf } from './screens.ts';
import { Search } from './search.tsx';
import classes from './top-bar.module.css';

interface TopBarProps {
  person: Me;
  /** Gets the place of the page's title. */
  titleRef: (slot: HTMLElement | null) => void;
  onHelp: () => void;
}

/** Title of the page, search, date and clock, language, account. */
export function TopBar({ person, titleRef, onHelp }: TopBarProps) {
  const { t } = useTranslation();
  const [searching, setSearching] = useState(false);
  const finds = screensOf(person).some((screen) => screen.id !== 'system');
  return (
    <header className={classes.bar} data-searching={searching || undefined}>
      <Link to="/" className={classes.mark} aria-label={t('product')}>
        <Mark size={30} />
      </Link>
      <div className={classes.title} ref={titleRef} />
      <Lost />
      {person.simulated && <SimulatedLabel />}
      {finds && (
        <div className={classes.search}>
          {/* A fresh field each time it is opened on a phone. */}
          <Search key={String(searching)} person={person} autoFocus={searching} onLeave={() => setSearching(false)} />
        </div>
      )}
      {finds && (
        <ActionIcon
          className={classes.lens}
          size={44}
          aria-label={t(searching ? 'close' : 'search.label')}
          onClick={() => setSearching(!searching)}
        >
          {searching ? <IconX size={22} stroke={1.8} /> : <IconSearch size={22} stroke={1.8} />}
        </ActionIcon>
      )}
      <Clock />
      <span className={classes.language}>
        <LanguageSwitch />
      </span>
      <NoticeBell />
      <AccountMenu person={person} onHelp={onHelp} />
    </header>
  );
}

function Clock() {
  const lang = useLang();
  const now = useNow(MINUTE_MS);
  return (
    <div className={classes.clock}>
      <span className={classes.date}>
        {formatWeekday(now, lang)}, {formatDate(now)}
      </span>
      <b>
        <DigitClock />
      </b>
    </div>
  );
}

function Lost() {
  const { t } = useTranslation();
  if (useConnection() !== 'lost') return null;
  return (
    <span className={classes.lost} role="status" title={t('connection.lostHint')}>
      <IconPlugConnectedX size={16} stroke={1.8} aria-hidden />
      <span>{t('connection.lost')}</span>
    </span>
  );
}
