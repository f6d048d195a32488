import { Button } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import IconLock from '@tabler/icons-react/icons/IconLock';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { role } from '../../../server/contracts/roles.ts';
import { useUnits } from '../../api/units.ts';
import { useUsers } from '../../api/users.ts';
import { Chip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FilterButton } from '../../components/filter-button.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { formatDateTime, matches } from '../../components/time.ts';
import { useEver } from '../../components/use-ever.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import { SystemTabs } from './system-tabs.tsx';

const CreateUserDialog = lazy(() => import('./create-user-dialog.tsx'));
const UserDrawer = lazy(() => import('./user-drawer.tsx'));

/** Who has an account, in which role. */
export default function UsersPage() {
  const { t } = useTranslation(['system', 'common']);
  const users = useUsers();
  const units = useUnits();
  const search = useSearchState();
  const [creating, setCreating] = useState(false);
  const unitName = (id: string | null) => units.data?.find((unit) => unit.id === id)?.name ?? '';
  const [q, roles] = [search.text('q'), search.list('role')];
  const shown = (users.data ?? []).filter(
    (user) =>
      (roles.length === 0 || roles.includes(user.role)) &&
      matches(q, `${user.name} ${user.username} ${unitName(user.unitId)}`),
  );
  const open = users.data?.find((user) => user.id === search.text('user'));
  const everCreating = useEver(creating);
  const everOpen = useEver(open !== undefined);

  return (
    <div className={page.page}>
      <SystemTabs>
        <Button leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />} onClick={() => setCreating(true)}>
          {t('user.create')}
        </Button>
      </SystemTabs>
      <div className={page.tools}>
        <SearchField label={t('user.search')} value={q} onChange={(value) => search.set('q', value)} />
        <FilterButton
          label={t('user.role')}
          options={role.options.map((one) => ({ value: one, label: t(`common:role.${one}`) }))}
          value={roles}
          onChange={(value) => search.set('role', value)}
        />
      </div>
      <div className={table.card}>
        {users.isPending && <SkeletonRows rows={6} />}
        {users.isError && users.data === undefined && <Problem error={users.error} onRetry={() => users.refetch()} />}
        {users.data !== undefined && shown.length === 0 && (
          <EmptyState
            icon={IconFilterOff}
            title={t('user.noMatch')}
            action={
              <Button variant="default" onClick={search.clear}>
                {t('common:filter.clear')}
              </Button>
            }
          />
        )}
        {shown.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('user.name')}</th>
                <th>{t('user.role')}</th>
                <th>{t('user.state')}</th>
                <th>{t('user.lastSignIn')}</th>
                <th>
                  <span className={table.spoken}>{t('common:open')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((user) => (
                <tr key={user.id} data-opens data-selected={user.id === open?.id || undefined}>
                  <td>
                    <button type="button" className={table.open} onClick={() => search.set('user', user.id)}>
                      {user.name}
                    </button>
                    <span className={table.second}>{user.username}</span>
                  </td>
                  <td>
                    <span className={table.main}>{t(`common:role.${user.role}`)}</span>
                    {user.unitId !== null && <span className={table.second}>{unitName(user.unitId)}</span>}
                  </td>
                  <td>
                    {user.disabled ? (
                      <Chip tone="ended" icon={IconLock}>
                        {t('user.disabled')}
                      </Chip>
                    ) : (
                      <Chip tone="good" icon={IconCircleCheck}>
                        {t('user.active')}
                      </Chip>
                    )}
                  </td>
                  <td className={table.wide}>
                    {user.lastSignInMs === null ? t('user.never') : formatDateTime(user.lastSignInMs)}
                  </td>
                  <td className={table.wide}>
                    <IconChevronRight className={table.arrow} size={18} stroke={1.8} aria-hidden />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <Suspense fallback={null}>
        {everCreating && <CreateUserDialog opened={creating} onClose={() => setCreating(false)} />}
        {everOpen && <UserDrawer user={open} onClose={() => search.set('user', null)} />}
      </Suspense>
    </div>
  );
}
