import { Button } from '@mantine/core';
import IconAdjustments from '@tabler/icons-react/icons/IconAdjustments';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CameraProfile } from '../../../server/contracts/camera-profiles.ts';
import { useCameraProfiles } from '../../api/camera-profiles.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { formatShort } from '../../components/time.ts';
import { useEver } from '../../components/use-ever.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import { CamerasTabs } from './cameras-tabs.tsx';
import { useCameraSettingWords } from './setting-words.ts';
import { SETTINGS, settingOf } from './settings-policy.ts';

const ProfileDrawer = lazy(() => import('./profile-drawer.tsx'));
const NEW = 'new';

/** Settings that many cameras share: what each says, and how many cameras have it. */
export default function ProfilesPage() {
  const { t } = useTranslation(['cameras', 'common']);
  const profiles = useCameraProfiles();
  const search = useSearchState();
  const openId = search.text('profile');
  const asked = useEver(openId !== '');
  const [turn, setTurn] = useState(0);
  const open = profiles.data?.find((one) => one.id === openId);
  const show = (id: string | null) => {
    setTurn(turn + 1);
    search.set('profile', id);
  };
  const add = (
    <Button leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />} onClick={() => show(NEW)}>
      {t('profiles.add')}
    </Button>
  );
  return (
    <div className={page.page}>
      <CamerasTabs />
      <div className={page.tools}>
        <p className={page.muted}>{t('profiles.text')}</p>
        <span className={page.grow} />
        {profiles.data !== undefined && profiles.data.length > 0 && add}
      </div>
      <div className={table.card}>
        {profiles.isPending && <SkeletonRows rows={3} />}
        {profiles.isError && profiles.data === undefined && (
          <Problem error={profiles.error} onRetry={() => profiles.refetch()} />
        )}
        {profiles.data?.length === 0 && (
          <EmptyState icon={IconAdjustments} title={t('profiles.none')} hint={t('profiles.noneHint')} action={add} />
        )}
        {profiles.data !== undefined && profiles.data.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('profiles.name')}</th>
                <th>{t('profiles.settings')}</th>
                <th>{t('profiles.cameras')}</th>
                <th className={table.roomy}>{t('profiles.changed')}</th>
                <th>
                  <span className={table.spoken}>{t('common:open')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {profiles.data.map((profile) => (
                <ProfileRow
                  key={profile.id}
                  profile={profile}
                  selected={profile.id === openId}
                  onOpen={() => show(profile.id)}
                />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {asked && (
        <Suspense fallback={null}>
          <ProfileDrawer
            key={`${openId} ${turn}`}
            opened={openId === NEW || open !== undefined}
            profile={open ?? null}
            onClose={() => search.set('profile', null)}
          />
        </Suspense>
      )}
    </div>
  );
}

interface ProfileRowProps {
  profile: CameraProfile;
  selected: boolean;
  onOpen: () => void;
}

function ProfileRow({ profile, selected, onOpen }: ProfileRowProps) {
  const { t } = useTranslation('cameras');
  const words = useCameraSettingWords();
  const set = SETTINGS.filter((setting) => settingOf(profile.settings, setting) !== undefined);
  const text = (setting: (typeof SETTINGS)[number]) =>
    `${words.name(setting)}: ${words.value(setting, settingOf(profile.settings, setting))}`;
  return (
    <tr data-opens data-selected={selected || undefined}>
      <td>
        <button type="button" className={table.open} onClick={onOpen}>
          {profile.name}
        </button>
      </td>
      <td className={table.whole}>
        {set.length === 0 ? (
          <span className={table.second}>{t('profiles.empty')}</span>
        ) : (
          set.map((setting) => (
            <span key={setting} className={table.second}>
              {text(setting)}
            </span>
          ))
        )}
      </td>
      <td className={table.whole}>{t('profiles.usedBy', { count: profile.cameras })}</td>
      <td className={table.roomy}>{formatShort(profile.changedAtMs)}</td>
      <td className={table.wide}>
        <IconChevronRight className={table.arrow} size={18} stroke={1.8} aria-hidden />
      </td>
    </tr>
  );
}
