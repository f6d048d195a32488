import { Menu } from '@mantine/core';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconPlayerPause from '@tabler/icons-react/icons/IconPlayerPause';
import IconPlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import IconPlayerStop from '@tabler/icons-react/icons/IconPlayerStop';
import IconPlayerTrackNext from '@tabler/icons-react/icons/IconPlayerTrackNext';
import IconRepeat from '@tabler/icons-react/icons/IconRepeat';
import { useTranslation } from 'react-i18next';
import classes from './patrol-bar.module.css';
import { PATROL_SECONDS, type Patrol } from './use-patrol.ts';

type Props = {
  patrol: Patrol;
  seconds: number;
  through: 'pages' | 'views';
  /** Without two saved views there is nothing to turn through. */
  mayTurnViews: boolean;
  onSeconds: (seconds: number) => void;
  onThrough: (through: 'pages' | 'views') => void;
};

/** Starts the patrol, says where it stands and how long the page stays. */
export function PatrolBar({ patrol, seconds, through, mayTurnViews, onSeconds, onThrough }: Props) {
  const { t } = useTranslation('wall');
  const { at, paused, leftMs } = patrol;
  const left = Math.max(0, Math.ceil(leftMs / 1_000));
  return (
    <div className={classes.bar} data-patrol data-testid="patrol" data-paused={paused || undefined}>
      {at === null ? (
        <button type="button" className={classes.start} onClick={patrol.start}>
          <IconRepeat size={16} stroke={1.8} aria-hidden /> {t('patrol.start')}
        </button>
      ) : (
        <>
          <span className={classes.what}>
            <IconRepeat size={16} stroke={1.8} aria-hidden /> <b>{t('patrol.title')}</b>
          </span>
          <span role="status" className={classes.page}>
            {at.stop.name ?? t('patrol.page', { page: at.index + 1, count: at.count })}
          </span>
          <span className={classes.track} aria-hidden>
            <span style={{ width: `${100 - Math.min(100, (leftMs / (seconds * 1_000)) * 100)}%` }} />
          </span>
          <span className={classes.left}>{paused ? t('patrol.paused') : t('patrol.left', { count: left })}</span>
          <button
            type="button"
            className={classes.tool}
            aria-label={paused ? t('patrol.resume') : t('patrol.pause')}
            title={paused ? t('patrol.resume') : t('patrol.pause')}
            onClick={paused ? patrol.resume : patrol.pause}
          >
            {paused ? <IconPlayerPlay size={16} stroke={1.8} /> : <IconPlayerPause size={16} stroke={1.8} />}
          </button>
          <button
            type="button"
            className={classes.tool}
            aria-label={t('patrol.next')}
            title={t('patrol.next')}
            onClick={patrol.next}
          >
            <IconPlayerTrackNext size={16} stroke={1.8} />
          </button>
          <button
            type="button"
            className={classes.tool}
            aria-label={t('patrol.end')}
            title={t('patrol.end')}
            onClick={patrol.end}
          >
            <IconPlayerStop size={16} stroke={1.8} />
          </button>
        </>
      )}
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <button type="button" className={classes.every} aria-label={t('patrol.setting', { count: seconds })}>
            {t('patrol.seconds', { count: seconds })} <IconChevronDown size={14} stroke={1.8} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('patrol.every')}</Menu.Label>
          {PATROL_SECONDS.map((each) => (
            <Menu.Item key={each} aria-current={each === seconds || undefined} onClick={() => onSeconds(each)}>
              {t('patrol.seconds', { count: each })}
            </Menu.Item>
          ))}
          <Menu.Label>{t('patrol.through')}</Menu.Label>
          {(['pages', 'views'] as const).map((each) => (
            <Menu.Item
              key={each}
              aria-current={each === through || undefined}
              disabled={each === 'views' && !mayTurnViews}
              onClick={() => onThrough(each)}
            >
              {t(`patrol.${each}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
