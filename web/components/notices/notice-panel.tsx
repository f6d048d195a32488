import { Popover } from '@mantine/core';
import IconBellCheck from '@tabler/icons-react/icons/IconBellCheck';
import IconChecks from '@tabler/icons-react/icons/IconChecks';
import IconSettings from '@tabler/icons-react/icons/IconSettings';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNotices, useReadNotices } from '../../api/notices.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../empty-state.tsx';
import { Problem } from '../problem.tsx';
import { SkeletonRows } from '../skeletons.tsx';
import { BellButton } from './notice-bell.tsx';
import item from './notice-item.module.css';
import { NoticeItem } from './notice-item.tsx';
import classes from './notice-panel.module.css';

const SHOWN = 8;

/** The latest notices below the bell, open from the start. */
export default function NoticePanel() {
  const { t } = useTranslation('notices');
  const [opened, setOpened] = useState(true);
  const close = () => setOpened(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width="min(400px, 100vw - 16px)"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <BellButton aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} aria-label={t('title')}>
        {opened && <Latest onLeave={close} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Latest({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('notices');
  const notices = useNotices({ limit: SHOWN });
  const read = useReadNotices();
  const items = (notices.data?.pages[0]?.items ?? []).slice(0, SHOWN);
  const newest = items[0];
  const anyUnread = items.some(({ readAtMs }) => readAtMs === null);
  useEscape(onLeave);
  return (
    <>
      <div className={classes.head}>
        <b className={classes.title}>{t('title')}</b>
        <button
          type="button"
          className={classes.tool}
          disabled={!anyUnread || newest === undefined}
          onClick={() => newest && read.mutate({ untilMs: newest.atMs })}
        >
          <IconChecks size={18} stroke={1.8} aria-hidden />
          {t('readAll')}
        </button>
        <Link
          className={classes.tool}
          to={paths.noticeSettings}
          onClick={onLeave}
          aria-label={t('settings')}
          title={t('settings')}
        >
          <IconSettings size={18} stroke={1.8} aria-hidden />
        </Link>
      </div>
      <div className={classes.body}>
        {notices.isPending && <SkeletonRows rows={4} />}
        {notices.isError && notices.data === undefined && (
          <Problem error={notices.error} onRetry={() => notices.refetch()} />
        )}
        {notices.data !== undefined && items.length === 0 && (
          <EmptyState icon={IconBellCheck} title={t('none')} hint={t('noneHint')} />
        )}
        {items.length > 0 && (
          <ul className={item.list}>
            {items.map((one) => (
              <NoticeItem key={one.id} notice={one} onOpen={onLeave} />
            ))}
          </ul>
        )}
      </div>
      <Link className={classes.all} to={paths.notices} onClick={onLeave}>
        {t('all')}
      </Link>
    </>
  );
}

function useEscape(leave: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') leave();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [leave]);
}
