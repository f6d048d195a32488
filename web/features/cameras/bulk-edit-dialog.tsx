import { Button, Checkbox, Modal, Select } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconArrowNarrowRight from '@tabler/icons-react/icons/IconArrowNarrowRight';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkCamerasRequest, ProfileSettings } from '../../../server/contracts/camera-profiles.ts';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useBulkCameras, useCameraProfiles } from '../../api/camera-profiles.ts';
import { useUnits } from '../../api/units.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { useFailureWords } from './device-words.ts';
import { useCameraSettingWords } from './setting-words.ts';
import { SettingsEditor } from './settings-editor.tsx';
import { previewOf, SETTINGS } from './settings-policy.ts';
import wizard from './wizard.module.css';

const KEEP = 'keep';
const NO_PROFILE = 'none';

/** What is to change besides the settings; `keep` leaves it as it is. */
interface Rest {
  profile: string;
  unit: string;
  enabled: string;
  inherit: boolean;
}

function changesOf(
  settings: ProfileSettings,
  { profile, unit, enabled, inherit }: Rest,
): BulkCamerasRequest['changes'] {
  return {
    ...settings,
    ...(profile !== KEEP && { profileId: profile === NO_PROFILE ? null : profile }),
    ...(unit !== KEEP && { unitId: unit }),
    ...(enabled !== KEEP && { enabled: enabled === 'on' }),
    ...(inherit && { inherit: [...SETTINGS] }),
  };
}

/** Changes the chosen cameras together: what changes, a preview of what that means for each, and what became of each. */
export default function BulkEditDialog({ cameras, onClose }: { cameras: readonly Camera[]; onClose: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const failure = useFailureWords();
  const units = useUnits().data ?? [];
  const profiles = useCameraProfiles().data ?? [];
  const bulk = useBulkCameras();
  // Those that were chosen when the dialog opened: a change must not move them out of it.
  const [chosen] = useState(cameras);
  const [settings, setSettings] = useState<ProfileSettings>({});
  const [rest, setRest] = useState<Rest>({ profile: KEEP, unit: KEEP, enabled: KEEP, inherit: false });
  const [stage, setStage] = useState<'choose' | 'preview'>('choose');
  const [nothing, setNothing] = useState(false);
  const changes = changesOf(settings, rest);
  const results = new Map(bulk.data?.items.map((item) => [item.id, item]));
  const count = chosen.length;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const empty = Object.keys(changes).length === 0;
    setNothing(empty);
    if (empty) return;
    if (stage === 'choose') setStage('preview');
    else bulk.mutate({ ids: chosen.map(({ id }) => id), changes });
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t('bulkEdit.title', { count })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <form className={page.form} onSubmit={submit} noValidate>
        {stage === 'choose' ? (
          <>
            <p className={page.muted}>{t('bulkEdit.what')}</p>
            <Select
              label={t('profile.field')}
              data={[
                { value: KEEP, label: t('bulkEdit.noChange') },
                { value: NO_PROFILE, label: t('profile.none') },
                ...profiles.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              value={rest.profile}
              allowDeselect={false}
              onChange={(profile) => setRest({ ...rest, profile: profile ?? KEEP })}
            />
            <Checkbox
              label={`${t('bulkEdit.inherit')}: ${t('bulkEdit.inheritAll')}`}
              checked={rest.inherit}
              onChange={(event) => setRest({ ...rest, inherit: event.currentTarget.checked })}
            />
            <Select
              label={t('field.unit')}
              data={[
                { value: KEEP, label: t('bulkEdit.noChange') },
                ...units.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              value={rest.unit}
              allowDeselect={false}
              searchable
              onChange={(unit) => setRest({ ...rest, unit: unit ?? KEEP })}
            />
            <Select
              label={t('bulkEdit.enabled')}
              data={[
                { value: KEEP, label: t('bulkEdit.noChange') },
                { value: 'on', label: t('bulkEdit.on') },
                { value: 'off', label: t('bulkEdit.off') },
              ]}
              value={rest.enabled}
              allowDeselect={false}
              onChange={(enabled) => setRest({ ...rest, enabled: enabled ?? KEEP })}
            />
            <SettingsEditor value={settings} onChange={setSettings} open={t('bulkEdit.noChange')} />
          </>
        ) : (
          <>
            <h3 className={wizard.small}>
              {bulk.data === undefined ? t('bulkEdit.previewTitle') : t('bulkEdit.done', { count })}
            </h3>
            <Preview cameras={chosen} settings={settings} rest={rest}>
              {(id) => {
                const result = results.get(id);
                if (result === undefined) return null;
                const why = result.state === 'refused' ? `: ${failure(result.errorCode)}` : '';
                return <b>{`${t(`bulkEdit.${result.state}`)}${why}`}</b>;
              }}
            </Preview>
          </>
        )}
        {nothing && (
          <Notice icon={IconAlertTriangle} kind="fault" alert>
            {t('bulkEdit.nothing')}
          </Notice>
        )}
        {bulk.error !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('edit.failed')} alert>
            {words(bulk.error)}
          </Notice>
        )}
        <div className={page.buttons}>
          {bulk.data !== undefined ? (
            <Button onClick={onClose}>{t('common:close')}</Button>
          ) : (
            <>
              <Button variant="default" onClick={stage === 'choose' ? onClose : () => setStage('choose')}>
                {t(stage === 'choose' ? 'common:cancel' : 'bulkEdit.back')}
              </Button>
              <Button type="submit" loading={bulk.isPending}>
                {stage === 'choose' ? t('bulkEdit.preview') : t('bulkEdit.apply', { count })}
              </Button>
            </>
          )}
        </div>
      </form>
    </Modal>
  );
}

interface PreviewProps {
  cameras: readonly Camera[];
  settings: ProfileSettings;
  rest: Rest;
  /** What became of one, once it is known. */
  children: (id: string) => React.ReactNode;
}

function Preview({ cameras, settings, rest, children }: PreviewProps) {
  const { t } = useTranslation('cameras');
  const words = useCameraSettingWords();
  const units = useUnits().data ?? [];
  const profiles = useCameraProfiles().data ?? [];
  const unitName = (id: string) => units.find((unit) => unit.id === id)?.name ?? '';
  const profileName = (id: string | null | undefined) =>
    profiles.find((profile) => profile.id === id)?.name ?? t('profile.none');
  const settingsOfProfile = (id: string | null | undefined) => profiles.find((one) => one.id === id)?.settings ?? {};
  const rows = previewOf(cameras, settings, {
    profile: rest.profile === KEEP ? undefined : settingsOfProfile(rest.profile),
    own: rest.inherit,
    profileOf: (camera) => settingsOfProfile(camera.profileId),
  });
  const shortens = rows.some(({ changes }) =>
    changes.some(({ setting, before, after }) => {
      if (!setting.startsWith('retentionDays')) return false;
      return typeof after !== 'number' || typeof before !== 'number' || after < before;
    }),
  );
  const profileId = rest.profile === NO_PROFILE ? null : rest.profile;
  const others = (camera: Camera): [string, string, string][] => [
    ...(rest.profile === KEEP || profileId === (camera.profileId ?? null)
      ? []
      : [[t('profile.field'), profileName(camera.profileId), profileName(profileId)] as [string, string, string]]),
    ...(rest.unit === KEEP || rest.unit === camera.unitId
      ? []
      : [[t('field.unit'), unitName(camera.unitId), unitName(rest.unit)] as [string, string, string]]),
    ...(rest.enabled === KEEP || (rest.enabled === 'off') === (camera.state === 'stopped')
      ? []
      : [
          [
            t('bulkEdit.enabled'),
            t(rest.enabled === 'on' ? 'bulkEdit.off' : 'bulkEdit.on'),
            t(rest.enabled === 'on' ? 'bulkEdit.on' : 'bulkEdit.off'),
          ] as [string, string, string],
        ]),
  ];
  return (
    <>
      {shortens && (
        <Notice icon={IconAlertTriangle} kind="fault">
          {t('bulkEdit.lost')}
        </Notice>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by the keyboard */}
      <ul className={`${wizard.list} ${wizard.scroll}`} tabIndex={0} aria-label={t('bulkEdit.previewTitle')}>
        {rows.map(({ camera, changes, passedOver }) => {
          const lines: [string, string, string][] = [
            ...others(camera),
            ...changes.map(({ setting, before, after }): [string, string, string] => [
              words.name(setting),
              words.value(setting, before),
              words.value(setting, after),
            ]),
          ];
          const own = rest.inherit ? Object.values(camera.settingSources ?? {}).filter((one) => one === 'camera') : [];
          return (
            <li key={camera.id}>
              <span>
                <b>{camera.name}</b>
                <span className={wizard.second}>{unitName(camera.unitId)}</span>
              </span>
              <div className={wizard.result}>
                {lines.map(([name, before, after]) => (
                  <span key={name} className={wizard.values}>
                    {name}: {before}
                    <IconArrowNarrowRight size={16} stroke={1.8} role="img" aria-label={t('setting.becomes')} />
                    <b>{after}</b>
                  </span>
                ))}
                {own.length > 0 && <span>{t('bulkEdit.givesBack', { count: own.length })}</span>}
                {lines.length === 0 && own.length === 0 && <span className={page.muted}>{t('bulkEdit.same')}</span>}
                {passedOver.map((setting) => (
                  <span key={setting} className={page.muted}>
                    {words.name(setting)}: {t('bulkEdit.passedOver')}
                  </span>
                ))}
                {children(camera.id)}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
