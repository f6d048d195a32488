import { Button } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import IconBeach from '@tabler/icons-react/icons/IconBeach';
import IconCalendarOff from '@tabler/icons-react/icons/IconCalendarOff';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconCircleHalf2 from '@tabler/icons-react/icons/IconCircleHalf2';
import IconClockEdit from '@tabler/icons-react/icons/IconClockEdit';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconSwitchHorizontal from '@tabler/icons-react/icons/IconSwitchHorizontal';
import { useTranslation } from 'react-i18next';
import type { CalendarRow, DayCause } from '../../../server/contracts/calendar.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { Chip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import table from '../../components/table.module.css';
import classes from './calendar.module.css';
import { byDate, formatPeriod, touchesYear } from './calendar-text.ts';
import { useCalendarWords } from './calendar-words.ts';

const ICONS: Record<DayCause, Icon> = {
  off: IconBeach,
  half: IconCircleHalf2,
  swap: IconSwitchHorizontal,
  own: IconClockEdit,
};

interface TablesProps {
  year: number;
  rows: readonly CalendarRow[];
  units: readonly Unit[] | undefined;
  onOpen: (row: CalendarRow) => void;
  onAdd: (kind: CalendarRow['content']['kind']) => void;
}

/** The rows that make the calendar: other days of the year, weekly schedules, grace. */
export function CalendarTables({ year, rows, units, onOpen, onAdd }: TablesProps) {
  const { t } = useTranslation('calendar');
  const words = useCalendarWords(units);
  const sorted = [...rows].sort((a, b) => byDate(a.content, b.content));
  const opener = (row: CalendarRow, name: string) => (
    <button type="button" className={table.open} onClick={() => onOpen(row)}>
      {name}
    </button>
  );
  const arrow = (
    <td className={table.wide}>
      <IconChevronRight className={table.arrow} size={18} stroke={1.8} aria-hidden />
    </td>
  );
  const exceptions = sorted.flatMap((row) =>
    row.content.kind === 'exception' && touchesYear(row.content.period, year) ? [{ row, content: row.content }] : [],
  );
  return (
    <>
      <Section
        title={t('exceptions', { year })}
        hint={t('exceptionsHint')}
        add={t('addException')}
        onAdd={() => onAdd('exception')}
      >
        {exceptions.length === 0 ? (
          <EmptyState icon={IconCalendarOff} title={t('noExceptions')} />
        ) : (
          <table className={table.table}>
            <Head columns={[t('name'), t('dates'), t('what'), t('forWhom')]} />
            <tbody>
              {exceptions.map(({ row, content }) => {
                const cause = content.day.type === 'hours' ? 'own' : content.day.type;
                return (
                  <tr key={row.id} data-opens>
                    <td className={table.whole}>{opener(row, content.name)}</td>
                    <td className={table.whole}>
                      <span className={table.main}>{formatPeriod(content.period)}</span>
                      <span className={table.second}>{t(content.period.from.length === 5 ? 'everyYear' : 'once')}</span>
                    </td>
                    <td className={table.whole}>
                      <Chip tone="plain" icon={ICONS[cause]}>
                        {t(`kind.${cause}`)}
                      </Chip>
                      {words.what(content) !== '' && <span className={table.second}>{words.what(content)}</span>}
                    </td>
                    <td className={table.whole}>{words.whom(content)}</td>
                    {arrow}
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </Section>
      <Section title={t('schedules')} hint={t('schedulesHint')} add={t('addSchedule')} onAdd={() => onAdd('schedule')}>
        <table className={table.table}>
          <Head columns={[t('name'), t('dates'), t('hours'), t('forWhom')]} />
          <tbody>
            {sorted.map((row) => {
              const { content } = row;
              if (content.kind !== 'schedule') return null;
              return (
                <tr key={row.id} data-opens>
                  <td className={table.whole}>{opener(row, content.name)}</td>
                  <td className={table.whole}>
                    <span className={table.main}>
                      {content.period === null ? t('always') : formatPeriod(content.period)}
                    </span>
                    {content.period !== null && (
                      <span className={table.second}>{t(content.period.from.length === 5 ? 'everyYear' : 'once')}</span>
                    )}
                  </td>
                  <td className={table.whole}>
                    {words.week(content).map(({ days, hours }) => (
                      <span key={days} className={table.second}>
                        {days}: {hours}
                      </span>
                    ))}
                  </td>
                  <td className={table.whole}>{words.whom(content)}</td>
                  {arrow}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Section>
      <Section title={t('graces')} hint={t('gracesHint')} add={t('addGrace')} onAdd={() => onAdd('grace')}>
        <table className={table.table}>
          <Head columns={[t('graces'), t('forWhom')]} />
          <tbody>
            {sorted.map((row) => {
              const { content } = row;
              if (content.kind !== 'grace') return null;
              return (
                <tr key={row.id} data-opens>
                  <td className={table.whole}>{opener(row, t('graceOf', { minutes: content.minutes }))}</td>
                  <td className={table.whole}>{words.whom(content)}</td>
                  {arrow}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Section>
    </>
  );
}

function Head({ columns }: { columns: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column}>{column}</th>
        ))}
        <th>
          <span className={table.spoken}>{t('open')}</span>
        </th>
      </tr>
    </thead>
  );
}

interface SectionProps {
  title: string;
  hint: string;
  add: string;
  onAdd: () => void;
  children: React.ReactNode;
}

function Section({ title, hint, add, onAdd, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.sectionHead}>
        <div>
          <h2>{title}</h2>
          <p className={page.muted}>{hint}</p>
        </div>
        <Button variant="default" leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />} onClick={onAdd}>
          {add}
        </Button>
      </div>
      <div className={table.card}>{children}</div>
    </section>
  );
}
