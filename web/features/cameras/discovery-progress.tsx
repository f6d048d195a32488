import { Button } from '@mantine/core';
import IconPlayerStopFilled from '@tabler/icons-react/icons/IconPlayerStopFilled';
import IconRadar2 from '@tabler/icons-react/icons/IconRadar2';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';
import type { Discovery } from '../../../server/contracts/discoveries.ts';
import { useCancelDiscovery } from '../../api/discoveries.ts';
import { Digits } from '../../components/digit-clock.tsx';
import page from '../../components/page.module.css';
import { formatDuration } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './discover.module.css';
import { countViews, type Found, progressOf } from './discovery-policy.ts';

interface DiscoveryProgressProps {
  runs: readonly Discovery[];
  found: readonly Found[];
  onAgain: () => void;
}

/** How a search stands: bar, counts so far, how long it has run, and the way to stop it. */
export function DiscoveryProgress({ runs, found, onAgain }: DiscoveryProgressProps) {
  const { t } = useTranslation('cameras');
  const cancel = useCancelDiscovery();
  const now = useNow();
  const running = runs.filter((run) => run.state === 'running');
  const devices = found.map(({ device }) => device);
  const counts = countViews(devices);
  const share = progressOf(devices, running.length > 0);
  const last = runs.at(-1);
  const problems = runs.flatMap((run) => run.problems ?? []);
  const state = running.length > 0 ? 'running' : (last?.state ?? 'done');
  const startedAtMs = running[0]?.startedAtMs;

  return (
    <section className={classes.panel} aria-live="polite">
      <div className={classes.head}>
        <IconRadar2 size={22} stroke={1.8} aria-hidden />
        <div className={page.grow}>
          <h2 className={classes.heading}>{t(`progress.${state}`)}</h2>
          <p className={page.muted}>{t(`progress.hint.${state}`)}</p>
        </div>
        {running.length > 0 ? (
          <Button
            variant="default"
            loading={cancel.isPending}
            leftSection={<IconPlayerStopFilled size={16} aria-hidden />}
            onClick={() => {
              for (const run of running) cancel.mutate(run.id);
            }}
          >
            {t('progress.stop')}
          </Button>
        ) : (
          <Button variant="default" leftSection={<IconRefresh size={18} stroke={1.8} aria-hidden />} onClick={onAgain}>
            {t('progress.again')}
          </Button>
        )}
      </div>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label={t('progress.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <span style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <p className={classes.counts}>
        <span>{t('progress.found', { count: counts.all })}</span>
        <span>{t('progress.ready', { count: counts.ready })}</span>
        <span>{t('progress.attention', { count: counts.attention })}</span>
        {counts.probing > 0 && <span>{t('progress.probing', { count: counts.probing })}</span>}
        <span>{t('progress.present', { count: counts.present })}</span>
        {startedAtMs !== undefined && (
          <span className={classes.elapsed}>
            <Digits text={formatDuration(Math.max(0, now - startedAtMs))} />
          </span>
        )}
      </p>
      {problems.map(({ interfaceAddress, code }) => (
        <p key={`${interfaceAddress} ${code}`} className={page.muted}>
          {t('progress.problem', { address: interfaceAddress, code })}
        </p>
      ))}
    </section>
  );
}
