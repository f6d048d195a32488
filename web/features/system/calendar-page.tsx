import { ActionIcon, Button, Select } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconDownload from '@tabler/icons-react/icons/IconDownload';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconUpload from '@tabler/icons-react/icons/IconUpload';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CalendarState, calendarYears } from '../../../server/contracts/calendar.ts';
import { calendarFile, useCalendar, useCalendarDays } from '../../api/calendar.ts';
import { useUnits } from '../../api/units.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { formatDate, formatNumber } from '../../components/time.ts';
import { useEver } from '../../components/use-ever.ts';
import { useLang } from '../../components/use-lang.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import classes from './calendar.module.css';
import type { Edited } from './calendar-row-dialog.tsx';
import { CalendarTables } from './calendar-tables.tsx';
import { CalendarLegend, CalendarYear } from './calendar-year.tsx';
import { SystemTabs } from './system-tabs.tsx';

const CalendarRowDialog = lazy(() => import('./calendar-row-dialog.tsx'));
const CalendarImportDialog = lazy(() => import('./calendar-import-dialog.tsx'));

/** The working calendar: a year at a glance, and the rows that make it. */
export default function CalendarPage() {
  const { t } = useTranslation('calendar');
  const calendar = useCalendar();
  const [edited, setEdited] = useState<Edited | null>(null);
  const [importing, setImporting] = useState(false);
  const everEdited = useEver(edited !== null);
  const everImporting = useEver(importing);
  return (
    <div className={page.page}>
      <SystemTabs>
        <Button
          variant="default"
          leftSection={<IconUpload size={18} stroke={1.8} aria-hidden />}
          onClick={() => setImporting(true)}
        >
          {t('import')}
        </Button>
        <Button
          variant="default"
          component="a"
          href={calendarFile}
          download
          leftSection={<IconDownload size={18} stroke={1.8} aria-hidden />}
        >
          {t('export')}
        </Button>
      </SystemTabs>
      {calendar.data === undefined && calendar.error !== null && (
        <Problem error={calendar.error} onRetry={() => calendar.refetch()} />
      )}
      {calendar.data === undefined && calendar.error === null && <SkeletonRows rows={12} />}
      {calendar.data !== undefined && <Content calendar={calendar.data} onEdit={setEdited} />}
      <Suspense fallback={null}>
        {everEdited && <CalendarRowDialog edited={edited} onClose={() => setEdited(null)} />}
        {everImporting && <CalendarImportDialog opened={importing} onClose={() => setImporting(false)} />}
      </Suspense>
    </div>
  );
}

function Content({ calendar, onEdit }: { calendar: CalendarState; onEdit: (edited: Edited) => void }) {
  const { t } = useTranslation('calendar');
  const lang = useLang();
  const search = useSearchState();
  const units = useUnits();
  const thisYear = Number(calendar.today.slice(0, 4));
  const asked = Number(search.text('year'));
  const year = asked >= calendarYears.first && asked <= calendarYears.last ? asked : thisYear;
  const unit = units.data?.some(({ id }) => id === search.text('unit')) ? search.text('unit') : undefined;
  const days = useCalendarDays(year, unit);
  const goTo = (next: number) => search.set('year', next === thisYear ? null : String(next));
  const n = (value: number) => formatNumber(value, lang, 0);
  const items = days.data?.items ?? [];
  const { file } = calendar;
  const step = (by: number, label: string, Glyph: typeof IconChevronLeft) => (
    <ActionIcon
      aria-label={label}
      disabled={year + by < calendarYears.first || year + by > calendarYears.last}
      onClick={() => goTo(year + by)}
    >
      <Glyph size={18} stroke={1.8} />
    </ActionIcon>
  );
  return (
    <>
      {calendar.alarms.map((alarm) => (
        <Notice key={alarm.year} icon={IconAlertTriangle} kind="fault" title={t('missing', { year: alarm.year })} alert>
          <p>{t('missingHint')}</p>
          <Button
            variant="default"
            mt={8}
            onClick={() => {
              goTo(alarm.year);
              onEdit({ kind: 'exception', row: null });
            }}
          >
            {t('missingAction')}
          </Button>
        </Notice>
      ))}
      {file.changedSince && (
        <Notice icon={IconInfoCircle} title={t('fileChanged', { date: formatDate(file.takenAtMs) })}>
          {t('fileChangedHint')}
        </Notice>
      )}
      <div className={classes.head}>
        <div className={classes.year}>
          {step(-1, t('previousYear'), IconChevronLeft)}
          <h2 aria-live="polite">{t('year', { year })}</h2>
          {step(1, t('nextYear'), IconChevronRight)}
        </div>
        <Select
          className={classes.unit}
          aria-label={t('unit')}
          data={[
            { value: '', label: t('city') },
            ...(units.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={unit ?? ''}
          allowDeselect={false}
          searchable
          onChange={(value) => search.set('unit', value)}
        />
        <span className={page.grow} />
        <CalendarLegend />
      </div>
      {days.error !== null && days.data === undefined && <Problem error={days.error} onRetry={() => days.refetch()} />}
      {days.data !== undefined && (
        <p className={page.muted}>
          {t('counts', {
            working: n(items.filter(({ hours }) => hours.length > 0).length),
            half: n(items.filter(({ half }) => half).length),
            grace: n(days.data.graceMinutes),
          })}{' '}
          {unit === undefined && t('cityHint')}
        </p>
      )}
      <CalendarYear
        key={year}
        year={year}
        days={items}
        today={calendar.today}
        units={units.data}
        onDay={({ date, exception }) => {
          const row = calendar.rows.find(({ id }) => id === exception?.id) ?? null;
          onEdit({ kind: 'exception', row, date });
        }}
      />
      <CalendarTables
        year={year}
        rows={calendar.rows}
        units={units.data}
        onOpen={(row) => onEdit({ kind: row.content.kind, row })}
        onAdd={(kind) => onEdit({ kind, row: null })}
      />
    </>
  );
}
