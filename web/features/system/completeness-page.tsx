import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCameraPlus from '@tabler/icons-react/icons/IconCameraPlus';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconDownload from '@tabler/icons-react/icons/IconDownload';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import type { CompletenessReport } from '../../../server/contracts/completeness.ts';
import { useCompleteness } from '../../api/archive.ts';
import { useCameras } from '../../api/cameras.ts';
import { useUnits } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FilterButton } from '../../components/filter-button.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { useSpanText } from '../../components/span-text.ts';
import table from '../../components/table.module.css';
import { formatDate, formatDay, formatPercent, formatWeekday, partsOf } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import classes from './completeness.module.css';
import { completenessCsv } from './completeness-csv.ts';
import { type Period, periodAround, periods, shareOf, stepPeriod, unitRows } from './completeness-policy.ts';
import { CompletenessTable, Legend } from './completeness-table.tsx';
import { SystemTabs } from './system-tabs.tsx';

/** How much of what was to be recorded is, per unit and camera, and why the rest is not. */
export default function CompletenessPage() {
  const { t } = useTranslation(['system', 'common']);
  const lang = useLang();
  const now = useNow(60_000);
  const search = useSearchState();
  const ofSystem = useLocation().pathname === paths.systemCompleteness;
  const by: Period = periods.find((one) => one === search.text('by')) ?? 'day';
  const asked = Number(search.text('at'));
  const at = asked > 0 && asked <= now ? asked : now;
  const { from, to } = periodAround(by, at);
  const answer = useCompleteness({ from, to });
  const units = useUnits();
  const cameras = useCameras();
  const unitName = (id: string) => units.data?.find((unit) => unit.id === id)?.name ?? id;
  const cameraName = (id: string) => cameras.data?.find((camera) => camera.id === id)?.name ?? id;
  const report = answer.data;
  const chosen = search.list('unit');
  const rows =
    report === undefined
      ? []
      : unitRows(report).filter(({ unit }) => chosen.length === 0 || chosen.includes(unit.unitId));
  const go = (direction: 1 | -1) => {
    const next = stepPeriod(by, at, direction);
    search.set('at', next >= now ? null : String(next));
  };
  const save = () => {
    if (report === undefined) return;
    const shown = { ...report, cameras: rows.flatMap((row) => row.cameras) };
    download(`${t('completeness.file')}-${fileDate(from)}-${by}.csv`, csvOf(shown));
  };
  const csvOf = (shown: CompletenessReport) =>
    completenessCsv(shown, {
      unit: t('completeness.unit'),
      camera: t('completeness.camera'),
      scheduled: t('completeness.scheduledMinutes'),
      recorded: t('completeness.recordedMinutes'),
      share: t('completeness.sharePercent'),
      unexplained: t('completeness.unexplainedMinutes'),
      reason: (reason) => t('completeness.reasonMinutes', { reason: t(`common:gapReason.${reason}`) }),
      unitName,
      cameraName,
      decimal: lang === 'vi' ? ',' : '.',
    });

  return (
    <div className={page.page}>
      {ofSystem ? <SystemTabs /> : <PageHeader title={t('completeness.title')} />}
      <div className={page.tools}>
        <Segmented
          label={t('completeness.period')}
          options={periods.map((value) => ({ value, label: t(`completeness.by.${value}`) }))}
          value={by}
          onChange={(value) => search.set('by', value === 'day' ? null : value)}
        />
        <div className={classes.step}>
          <Button variant="default" px={8} aria-label={t('completeness.earlier')} onClick={() => go(-1)}>
            <IconChevronLeft size={18} stroke={1.8} aria-hidden />
          </Button>
          <b>
            <PeriodWords by={by} from={from} to={to} />
          </b>
          <Button
            variant="default"
            px={8}
            aria-label={t('completeness.later')}
            disabled={to > now}
            onClick={() => go(1)}
          >
            <IconChevronRight size={18} stroke={1.8} aria-hidden />
          </Button>
        </div>
        <FilterButton
          label={t('completeness.unit')}
          options={(report?.units ?? []).map(({ unitId }) => ({ value: unitId, label: unitName(unitId) }))}
          value={chosen}
          onChange={(value) => search.set('unit', value)}
        />
        <span className={page.grow} />
        <Button
          variant="default"
          disabled={rows.length === 0}
          leftSection={<IconDownload size={18} stroke={1.8} aria-hidden />}
          onClick={save}
        >
          {t('completeness.csv')}
        </Button>
      </div>
      {report === undefined && answer.error !== null && (
        <Problem error={answer.error} onRetry={() => answer.refetch()} />
      )}
      {report === undefined && answer.error === null && <SkeletonRows rows={10} />}
      {report !== undefined && report.cameras.length === 0 && (
        <EmptyState icon={IconCameraPlus} title={t('completeness.empty')} hint={t('completeness.emptyHint')} />
      )}
      {report !== undefined && report.cameras.length > 0 && (
        <>
          <Total report={report} />
          {rows.length === 0 ? (
            <EmptyState icon={IconFilterOff} title={t('completeness.noMatch')} />
          ) : (
            <div className={table.card}>
              <CompletenessTable rows={rows} by={by} from={from} to={to} unitName={unitName} cameraName={cameraName} />
              <Legend />
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** One sentence for all that the reader may see; what nothing explains stands out. */
function Total({ report: { total } }: { report: CompletenessReport }) {
  const { t } = useTranslation('system');
  const lang = useLang();
  const span = useSpanText();
  const share = shareOf(total);
  if (share === null) return <p className={classes.sentence}>{t('completeness.nothingScheduled')}</p>;
  const missing = Object.values(total.explainedMs).reduce((sum, ms) => sum + ms, 0);
  return (
    <>
      <p className={classes.sentence}>
        {t('completeness.sentence', { share: formatPercent(share, lang) })}{' '}
        {missing > 0
          ? total.unexplainedMs === 0 && t('completeness.explained', { time: span(missing) })
          : total.unexplainedMs === 0 && t('completeness.whole')}
      </p>
      {total.unexplainedMs > 0 && (
        <Notice
          icon={IconAlertTriangle}
          kind="fault"
          title={t('completeness.odd', { time: span(total.unexplainedMs) })}
          alert
        >
          {t('completeness.oddHint')}
        </Notice>
      )}
    </>
  );
}

function PeriodWords({ by, from, to }: { by: Period; from: number; to: number }) {
  const { t } = useTranslation('system');
  const lang = useLang();
  if (by === 'day') return `${formatWeekday(from, lang)}, ${formatDate(from)}`;
  if (by === 'week') return t('completeness.week', { from: formatDay(from), to: formatDate(to - 1) });
  const { month, year } = partsOf(from);
  return t('completeness.month', { month, year });
}

/** `2026-11-24`, by which files sort. */
function fileDate(atMs: number): string {
  const { year, month, day } = partsOf(atMs);
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
