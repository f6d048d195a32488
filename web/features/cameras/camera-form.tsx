import { Button, Switch } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProfileSettings } from '../../../server/contracts/camera-profiles.ts';
import type { Camera, SettingName } from '../../../server/contracts/cameras.ts';
import { useCameraProfiles } from '../../api/camera-profiles.ts';
import { useCameraArchive, usePatchCamera } from '../../api/cameras.ts';
import { useUnits } from '../../api/units.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './cameras.module.css';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import { useFailureWords } from './device-words.ts';
import { type Loss, losses } from './keeping-policy.ts';
import { placementErrors, serverErrors } from './placement-errors.ts';
import { PlacementFields } from './placement-fields.tsx';
import { ProfileSelect } from './profile-select.tsx';
import { RecordingFields } from './recording-fields.tsx';
import { SettingSourceNote } from './setting-source.tsx';
import { changedSettings, givenBack, SETTINGS, settingOf, settingsOf } from './settings-policy.ts';
import { ShorterDialog } from './shorter-dialog.tsx';

const NONE: ReadonlySet<SettingName> = new Set();

/** What an administrator can change of a camera; only what is otherwise than before is sent, so that the rest stays its profile's. */
export function CameraForm({ camera }: { camera: Camera }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const failure = useFailureWords();
  const patch = usePatchCamera();
  const units = useUnits().data;
  const profiles = useCameraProfiles().data ?? [];
  const archive = useCameraArchive(camera.id).data;
  const [placement, setPlacement] = useState({ unitId: camera.unitId, deskIds: camera.deskIds, name: camera.name });
  const [enabled, setEnabled] = useState(camera.state !== 'stopped' || isOutsideItsHours(camera));
  const [settings, setSettings] = useState<ProfileSettings>(settingsOf(camera));
  const [profileId, setProfileId] = useState(camera.profileId ?? null);
  const [returning, setReturning] = useState(NONE);
  const [lost, setLost] = useState<readonly Loss[]>([]);
  const [credentials, setCredentials] = useState(NO_CREDENTIALS);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const sources = camera.settingSources ?? {};
  const profile = profiles.find(({ id }) => id === profileId);
  const shared = profile?.settings ?? {};
  const before = settingsOf(camera);

  const chooseProfile = (id: string | null) => {
    setProfileId(id);
    const next = profiles.find((one) => one.id === id)?.settings ?? {};
    const notOwn = SETTINGS.filter((one) => (sources[one] ?? 'default') !== 'camera' || returning.has(one));
    setSettings(givenBack(settings, notOwn, next));
  };
  const returns = (setting: SettingName, back: boolean) => {
    const next = new Set(returning);
    if (back) next.add(setting);
    else next.delete(setting);
    setReturning(next);
    setSettings(givenBack(settings, [setting], back ? shared : before));
  };

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const found = placementErrors(placement, t) as Record<string, string>;
    setErrors(found);
    if (Object.keys(found).length > 0 || patch.isPending) return;
    const goes = losses(camera.retentionDays ?? {}, settings.retentionDays ?? {}, archive, Date.now());
    if (goes.length > 0) setLost(goes);
    else save();
  };
  const save = () => {
    setLost([]);
    const changesAccount = credentials.username !== '' || credentials.password !== '';
    const otherProfile = profileId !== (camera.profileId ?? null);
    // What would come from the new profile, or by giving back, must not be sent as the camera's own.
    const follows = SETTINGS.filter(
      (one) => returning.has(one) || (otherProfile && (sources[one] ?? 'default') !== 'camera'),
    );
    const base = givenBack(before, follows, shared);
    const sent = settings;
    patch.mutate(
      {
        ...{ id: camera.id, ...placement, enabled, ...changedSettings(base, settings) },
        ...(otherProfile && { profileId }),
        ...(returning.size > 0 && { inherit: [...returning] }),
        ...(changesAccount && credentials),
      },
      {
        onSuccess: (changed) => {
          setCredentials(NO_CREDENTIALS);
          setReturning(NONE);
          // What was typed while it was being saved stays, to be saved next.
          setSettings((now) => (now === sent ? settingsOf(changed) : now));
          toast({ kind: 'done', title: t('edit.done', { name: changed.name }) });
        },
        onError: (error) => setErrors(serverErrors(error, failure)),
      },
    );
  };
  const note = (setting: SettingName) => (
    <SettingSourceNote
      setting={setting}
      source={sources[setting]}
      profileName={profile?.name ?? null}
      inProfile={settingOf(shared, setting) !== undefined}
      returns={returning.has(setting)}
      onReturn={(back) => returns(setting, back)}
    />
  );

  return (
    <form className={page.form} onSubmit={submit} noValidate>
      <section className={classes.section}>
        <h3>{t('edit.title')}</h3>
      </section>
      <PlacementFields value={placement} onChange={setPlacement} errors={errors} />
      {placement.unitId !== camera.unitId && (
        <Notice icon={IconInfoCircle}>
          {t('move.hint', { unit: units?.find(({ id }) => id === camera.unitId)?.name ?? '' })}
        </Notice>
      )}
      <Switch
        label={t('edit.enabled')}
        description={t('edit.enabledHint')}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <ProfileSelect value={profileId} onChange={chooseProfile} />
      <RecordingFields
        camera={camera}
        archive={archive}
        value={{
          ...{ recording: settings.recording ?? {}, retentionDays: settings.retentionDays ?? {} },
          sound: settings.sound ?? {},
        }}
        onChange={(streams) => setSettings({ ...settings, ...streams })}
        note={note}
      />
      {settings.events !== undefined && (
        <div>
          <Switch
            label={t('events.on')}
            description={t('events.hint')}
            checked={settings.events}
            onChange={(event) => setSettings({ ...settings, events: event.currentTarget.checked })}
          />
          {note('events')}
        </div>
      )}
      <div>
        <CredentialFields value={credentials} onChange={setCredentials} />
        <p className={page.muted}>{t('edit.credentialsHint')}</p>
      </div>
      {patch.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('edit.failed')} alert>
          {words(patch.error)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button type="submit" loading={patch.isPending}>
          {t('common:save')}
        </Button>
      </div>
      <ShorterDialog cameraName={camera.name} losses={lost} onCancel={() => setLost([])} onConfirm={save} />
    </form>
  );
}

/** Not switched off: it starts by itself with the next recording hours. */
function isOutsideItsHours({ streams }: Camera): boolean {
  return streams.some((stream) => stream.state === 'stopped' && stream.cause === 'schedule');
}
