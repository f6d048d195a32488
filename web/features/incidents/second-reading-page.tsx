import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconHourglass from '@tabler/icons-react/icons/IconHourglass';
import IconScale from '@tabler/icons-react/icons/IconScale';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { SecondJudgement, SecondReadingSummary } from '../../../server/contracts/second-readings.ts';
import { useSecondReadings } from '../../api/second-readings.ts';
import { paths } from '../../app/paths.ts';
import { Chip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { formatShort } from '../../components/time.ts';
import classes from './second-reading.module.css';
import { BlindReading } from './second-reading-case.tsx';
import { JudgementResult } from './second-reading-result.tsx';

/** Second readings: the queue of what the reader may read blind, one blind case with its judgement, and what is done. */
export default function SecondReadingsPage() {
  const { t } = useTranslation(['queue', 'incidents']);
  const { reading } = useParams();
  const [judged, setJudged] = useState<SecondJudgement | null>(null);
  const list = useSecondReadings();
  return (
    <div className={page.page}>
      <PageHeader title={t('incidents:title')} crumb={t('way.second')} />
      <div className={page.tools}>
        <Link className={classes.back} to={paths.incidents()}>
          <IconArrowLeft size={18} stroke={1.8} aria-hidden />
          {t('incidents:list')}
        </Link>
        <Link className={classes.back} to={paths.incidentFigures()}>
          {t('second.toAgreement')}
        </Link>
      </div>
      <div className={classes.columns} data-reading={reading !== undefined || undefined}>
        <aside className={classes.queue}>
          {list.data === undefined ? (
            <section className={classes.card}>
              {list.isError ? <Problem error={list.error} onRetry={() => list.refetch()} /> : <SkeletonRows rows={4} />}
            </section>
          ) : (
            <>
              <Waiting readings={list.data.open} chosen={reading} />
              {list.data.done.length > 0 && <Done readings={list.data.done} />}
            </>
          )}
        </aside>
        {reading === undefined ? (
          <section className={classes.card}>
            <Intro left={list.data?.open.length} />
          </section>
        ) : judged?.id === reading ? (
          <JudgementResult judgement={judged} next={list.data?.open.find(({ id }) => id !== reading)?.id ?? null} />
        ) : (
          <BlindReading key={reading} id={reading} onJudged={setJudged} />
        )}
      </div>
    </div>
  );
}

/** What is not told, before a case is opened. */
function Intro({ left }: { left: number | undefined }) {
  const { t } = useTranslation('queue');
  if (left === 0)
    return <EmptyState icon={IconCircleCheck} title={t('second.nothing')} hint={t('second.nothingHint')} />;
  return <EmptyState icon={IconScale} title={t('second.choose')} hint={t('second.chooseHint')} />;
}

function Waiting({ readings, chosen }: { readings: readonly SecondReadingSummary[]; chosen: string | undefined }) {
  const { t } = useTranslation('queue');
  return (
    <section className={classes.card} aria-labelledby="second-open">
      <h2 id="second-open">{t('second.open', { count: readings.length })}</h2>
      {readings.length === 0 && <p className={classes.muted}>{t('second.openNone')}</p>}
      <ul className={classes.list}>
        {readings.map(({ id, drawnAtMs, begun }) => (
          <li key={id}>
            <Link to={paths.secondReading(id)} aria-current={id === chosen ? 'page' : undefined}>
              <IconEyeOff size={18} stroke={1.8} aria-hidden />
              <span>
                {t('second.blind')}
                <span className={classes.second}>{t('second.drawn', { time: formatShort(drawnAtMs) })}</span>
              </span>
              {begun && (
                <Chip tone="mine" icon={IconHourglass}>
                  {t('second.begun')}
                </Chip>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Done({ readings }: { readings: readonly SecondReadingSummary[] }) {
  const { t } = useTranslation('queue');
  return (
    <section className={classes.card} aria-labelledby="second-done">
      <h2 id="second-done">{t('second.done')}</h2>
      <ul className={classes.list}>
        {readings.map(({ id, incidentId, number, judgedAtMs, agreed }) => (
          <li key={id}>
            <Link to={incidentId === null ? paths.secondReadings : paths.incident(incidentId)}>
              <span>
                {number}
                <span className={classes.second}>{judgedAtMs === null ? '' : formatShort(judgedAtMs)}</span>
              </span>
              <Chip tone={agreed ? 'good' : 'other'} icon={agreed ? IconCircleCheck : IconScale}>
                {t(agreed ? 'second.agreed' : 'second.differs')}
              </Chip>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
