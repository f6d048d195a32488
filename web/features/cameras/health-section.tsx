import { Button } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleDashed from '@tabler/icons-react/icons/IconCircleDashed';
import IconCircleMinus from '@tabler/icons-react/icons/IconCircleMinus';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconPlayerStop from '@tabler/icons-react/icons/IconPlayerStop';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PartHealth, PartState } from '../../../server/contracts/camera-health.ts';
import { useCameraHealthDetail, useHealthChanges } from '../../api/camera-health.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { formatShort, formatSince } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import drawer from './cameras.module.css';
import classes from './health.module.css';
import { HealthReference } from './health-reference.tsx';
import { HealthUptime } from './health-uptime.tsx';
import { useHealthWords } from './health-words.ts';

const ICONS: Readonly<Record<PartState, Icon>> = {
  good: IconCircleCheck,
  trouble: IconAlertTriangle,
  blocked: IconCircleMinus,
  unknown: IconCircleDashed,
  off: IconPlayerStop,
};

/** The health of one camera: its five parts, its days, what changed, and how it should look. */
export function HealthSection({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation('health');
  const health = useCameraHealthDetail(cameraId);
  return (
    <section className={drawer.section}>
      <h3>{t('title')}</h3>
      {health.isPending && <Skeleton height={220} />}
      {health.isError && health.data === undefined && <Problem error={health.error} onRetry={() => health.refetch()} />}
      {health.data !== undefined && (
        <>
          <ul className={classes.parts}>
            {health.data.parts.map((part) => (
              <PartRow key={part.part} part={part} />
            ))}
          </ul>
          {health.data.notCompared !== null && (
            <Notice icon={IconInfoCircle}>{t(`notCompared.${health.data.notCompared}`)}</Notice>
          )}
          <HealthUptime days={health.data.days} />
          <Changes cameraId={cameraId} />
          <HealthReference key={cameraId} cameraId={cameraId} references={health.data.references} />
        </>
      )}
    </section>
  );
}

function PartRow({ part }: { part: PartHealth }) {
  const { t } = useTranslation('health');
  const now = useNow(60_000);
  const words = useHealthWords();
  const { says, todo } = words(part);
  const Glyph = ICONS[part.state];
  const since = part.state === 'trouble' || part.state === 'good';
  return (
    <li data-state={part.state}>
      <Glyph size={18} stroke={1.8} aria-hidden />
      <span className={classes.name}>{t(`part.${part.part}`)}</span>
      <span className={classes.says}>
        {since ? t('since', { state: says, time: formatSince(part.sinceMs, now) }) : says}
        {todo !== null && <span className={classes.todo}>{todo}</span>}
      </span>
    </li>
  );
}

function Changes({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation('health');
  const [shown, setShown] = useState(false);
  const words = useHealthWords();
  const changes = useHealthChanges(cameraId, { enabled: shown });
  const items = changes.data?.pages.flatMap((one) => one.items) ?? [];
  return (
    <div>
      <Button variant="subtle" size="compact-sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {t(shown ? 'changes.close' : 'changes.open')}
      </Button>
      {shown && changes.isPending && <Skeleton height={120} />}
      {shown && changes.isError && changes.data === undefined && (
        <Problem error={changes.error} onRetry={() => changes.refetch()} />
      )}
      {shown && changes.data !== undefined && items.length === 0 && <p className={page.muted}>{t('changes.none')}</p>}
      {shown && items.length > 0 && (
        <ol className={classes.changes} aria-label={t('changes.title')}>
          {items.map((one) => (
            <li key={`${one.atMs} ${one.part}`}>
              <time dateTime={new Date(one.atMs).toISOString()}>{formatShort(one.atMs)}</time>
              <span>
                {t(`part.${one.part}`)}: {words({ ...one, detail: null }).says}
              </span>
            </li>
          ))}
        </ol>
      )}
      {shown && changes.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={changes.isFetchingNextPage}
          onClick={() => changes.fetchNextPage()}
        >
          {t('changes.more')}
        </Button>
      )}
    </div>
  );
}
