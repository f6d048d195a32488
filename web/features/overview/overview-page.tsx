import IconCameraPlus from '@tabler/icons-react/icons/IconCameraPlus';
import IconLayoutGrid from '@tabler/icons-react/icons/IconLayoutGrid';
import IconList from '@tabler/icons-react/icons/IconList';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWorkingHours } from '../../api/units.ts';
import { useWaitingProposals } from '../../components/camera-proposals/use-proposals.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { formatDate, formatMinute, formatWeekday } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import { CoverageCard } from './coverage.tsx';
import { Figures } from './figures.tsx';
import { Matters } from './matters.tsx';
import classes from './overview-page.module.css';
import { isCalm } from './overview-policy.ts';
import { DueCard, FaultCard, UnconnectedCard } from './side.tsx';
import { UnitCards } from './unit-cards.tsx';
import { UnitTable } from './unit-table.tsx';
import { type OverviewView, useOverview } from './use-overview.ts';
import { camerasLink } from './wall-link.ts';

/** The city at a glance: one sentence, what to act on, the figures, then the units. */
export default function OverviewPage() {
  const { t } = useTranslation('overview');
  const { view, error, retry } = useOverview();
  return (
    <div className={`${page.page} ${classes.page}`}>
      <PageHeader title={t('title')} />
      {view === undefined ? (
        error === null ? (
          <Waiting />
        ) : (
          <Problem error={error} onRetry={retry} />
        )
      ) : (
        <City view={view} />
      )}
    </div>
  );
}

function City({ view }: { view: OverviewView }) {
  const { t } = useTranslation('overview');
  const attention = view.cards.filter((card) => card.attention);
  const calm = view.cards.filter((card) => !card.attention);
  return (
    <>
      <div className={classes.head}>
        <div className={classes.lead}>
          <Today view={view} />
          <Sentence view={view} />
        </div>
        <Matters matters={view.matters} now={view.now} />
      </div>
      <Figures view={view} />
      <div className={classes.columns}>
        <div className={classes.units}>
          {view.cards.length === 0 && (
            <EmptyState icon={IconCameraPlus} title={t('noCameras')} hint={t('noCamerasHint')} />
          )}
          {attention.length > 0 && (
            <section aria-labelledby="overview-attention" className={classes.section}>
              <header className={classes.title}>
                <h2 id="overview-attention">{t('attention')}</h2>
                <span className={classes.count}>{attention.length}</span>
                <Link className={classes.toWall} to={camerasLink(attention.flatMap(attentionCameras))}>
                  {t('attentionOnWall', { count: attention.length })}
                </Link>
              </header>
              <UnitCards cards={attention} now={view.now} large />
            </section>
          )}
          {calm.length > 0 && <Calm cards={calm} now={view.now} />}
        </div>
        <aside className={classes.side}>
          <DueCard view={view} />
          {view.cards.length > 0 && <FaultCard cards={view.cards} now={view.now} />}
          {view.cards.length > 0 && <CoverageCard view={view} />}
          <UnconnectedCard units={view.unconnected} />
        </aside>
      </div>
    </>
  );
}

/** The cameras of a unit that its attention is about, or the first. */
function attentionCameras(card: OverviewView['cards'][number]) {
  const ids = new Set([...card.incidents.map((one) => one.cameraId), ...card.faults.map((camera) => camera.id)]);
  const about = card.cameras.filter((camera) => ids.has(camera.id));
  return about.length > 0 ? about : card.cameras.slice(0, 1);
}

function Calm({ cards, now }: { cards: OverviewView['cards']; now: number }) {
  const { t } = useTranslation('overview');
  const search = useSearchState();
  const shape = search.text('units') === 'list' ? 'list' : 'pictures';
  const label = (Glyph: typeof IconList, word: string) => (
    <>
      <Glyph size={16} stroke={1.8} aria-hidden />
      {word}
    </>
  );
  return (
    <section aria-labelledby="overview-calm" className={classes.section}>
      <header className={classes.title}>
        <h2 id="overview-calm">{t(cards.every((card) => card.normal) ? 'normal' : 'others')}</h2>
        <span className={classes.count}>{cards.length}</span>
        <span className={classes.toWall}>
          <Segmented
            compact
            label={t('shape.label')}
            value={shape}
            onChange={(value) => search.set('units', value === 'list' ? 'list' : null)}
            options={[
              { value: 'pictures', label: label(IconLayoutGrid, t('shape.pictures')) },
              { value: 'list', label: label(IconList, t('shape.list')) },
            ]}
          />
        </span>
      </header>
      {shape === 'list' ? <UnitTable cards={cards} /> : <UnitCards cards={cards} now={now} />}
    </section>
  );
}

/** The day, and whether the centre (or else the first unit) is at work. */
function Today({ view }: { view: OverviewView }) {
  const { t } = useTranslation('overview');
  const lang = useLang();
  const place = view.cards.find((card) => card.unit.kind === 'centre') ?? view.cards[0];
  const from = view.endOfDayMs - 86_400_000;
  const hours = useWorkingHours(place?.unit.id, from, view.endOfDayMs).data?.hours;
  const current = hours?.find(({ fromMs, toMs }) => fromMs <= view.now && view.now < toMs);
  const next = hours?.find(({ fromMs }) => fromMs > view.now);
  const say =
    hours === undefined
      ? null
      : current !== undefined
        ? t('hours.in', { from: formatMinute(current.fromMs), to: formatMinute(current.toMs) })
        : next !== undefined
          ? t('hours.next', { from: formatMinute(next.fromMs) })
          : t(hours.length === 0 ? 'hours.dayOff' : 'hours.over');
  return (
    <p className={classes.today}>
      {formatWeekday(view.now, lang)}, {formatDate(view.now)}
      {say !== null && ` · ${say}`}
    </p>
  );
}

function Sentence({ view }: { view: OverviewView }) {
  const { t } = useTranslation('overview');
  const proposals = useWaitingProposals();
  const total = view.cards.length;
  if (total === 0) return <h2 className={classes.sentence}>{t('sentence.none')}</h2>;
  const normal = view.cards.filter(isCalm).length;
  // All that was proposed of cameras is one line of the list.
  const matters = view.matters.length + (proposals.length > 0 ? 1 : 0);
  return (
    <h2 className={classes.sentence}>
      <span>
        {normal === total ? t('sentence.all', { count: total }) : t('sentence.some', { normal, count: total })}
      </span>{' '}
      <span>{matters === 0 ? t('sentence.calm') : t('sentence.matters', { count: matters })}</span>
    </h2>
  );
}

function Waiting() {
  return (
    <div className={classes.waiting} aria-busy="true">
      <div className={classes.head}>
        <Skeleton width="80%" height={92} />
        <Skeleton height={134} radius={8} />
      </div>
      <Skeleton height={96} radius={8} />
      <div className={classes.columns}>
        <div className={classes.skeletons}>
          {Array.from({ length: 4 }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the blocks are alike
            <Skeleton key={at} height={214} radius={8} />
          ))}
        </div>
        <Skeleton height={280} radius={8} />
      </div>
    </div>
  );
}
