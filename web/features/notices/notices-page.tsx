import { Button } from '@mantine/core';
import IconBellCheck from '@tabler/icons-react/icons/IconBellCheck';
import IconChecks from '@tabler/icons-react/icons/IconChecks';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import IconSettings from '@tabler/icons-react/icons/IconSettings';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type NoticeKind, noticeKind } from '../../../server/contracts/notices.ts';
import { useNoticeSettings, useNotices, useReadNotices } from '../../api/notices.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FilterButton } from '../../components/filter-button.tsx';
import item from '../../components/notices/notice-item.module.css';
import { NoticeItem } from '../../components/notices/notice-item.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { useSearchState } from '../../components/use-search-state.ts';

/** Everything that the person was told, newest first. */
export default function NoticesPage() {
  const { t } = useTranslation(['notices', 'common']);
  const search = useSearchState();
  const unread = search.text('show') === 'unread';
  const kinds = search.list('kind').filter((kind): kind is NoticeKind => noticeKind.safeParse(kind).success);
  const notices = useNotices({ ...(unread && { unread }), ...(kinds.length > 0 && { kind: kinds }) });
  const offered = useNoticeSettings().data?.choices.map(({ kind }) => kind) ?? [];
  const read = useReadNotices();
  const items = notices.data?.pages.flatMap((one) => one.items) ?? [];
  const newest = items[0];
  const left = notices.data?.pages[0]?.unread ?? 0;
  const filtered = unread || kinds.length > 0;

  return (
    <div className={page.page}>
      <PageHeader title={t('title')} />
      <div className={page.tools}>
        <Segmented
          label={t('show')}
          options={[
            { value: 'all', label: t('everything') },
            { value: 'unread', label: t('unread') },
          ]}
          value={unread ? 'unread' : 'all'}
          onChange={(value) => search.set('show', value === 'unread' ? value : null)}
        />
        {offered.length > 0 && (
          <FilterButton
            label={t('kind')}
            options={offered.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
            value={kinds}
            onChange={(value) => search.set('kind', value)}
          />
        )}
        <span className={page.grow} />
        <Button
          variant="default"
          disabled={newest === undefined || left === 0}
          leftSection={<IconChecks size={18} stroke={1.8} aria-hidden />}
          onClick={() => newest && read.mutate({ untilMs: newest.atMs })}
        >
          {t('readAll')}
        </Button>
        <Button
          variant="default"
          component={Link}
          to={paths.noticeSettings}
          leftSection={<IconSettings size={18} stroke={1.8} aria-hidden />}
        >
          {t('settings')}
        </Button>
      </div>
      <div className={table.card}>
        {notices.isPending && <SkeletonRows rows={8} />}
        {notices.isError && notices.data === undefined && (
          <Problem error={notices.error} onRetry={() => notices.refetch()} />
        )}
        {notices.data !== undefined && items.length === 0 && (
          <EmptyState
            icon={filtered && kinds.length > 0 ? IconFilterOff : IconBellCheck}
            title={t(kinds.length > 0 ? 'noMatch' : unread ? 'allRead' : 'none')}
            hint={filtered ? undefined : t('noneHint')}
            action={
              filtered && (
                <Button variant="default" onClick={search.clear}>
                  {t('common:filter.clear')}
                </Button>
              )
            }
          />
        )}
        {items.length > 0 && (
          <ul className={item.list}>
            {items.map((one) => (
              <NoticeItem key={one.id} notice={one} />
            ))}
          </ul>
        )}
        {notices.hasNextPage && (
          <div className={table.foot}>
            <Button variant="default" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
              {t('more')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
