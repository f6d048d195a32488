import { Button, Drawer, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconTrash from '@tabler/icons-react/icons/IconTrash';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CameraProfile } from '../../../server/contracts/camera-profiles.ts';
import { useRemoveProfile, useSaveProfile } from '../../api/camera-profiles.ts';
import { useCameras } from '../../api/cameras.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './cameras.module.css';
import { SettingsEditor } from './settings-editor.tsx';
import wizard from './wizard.module.css';

interface ProfileDrawerProps {
  opened: boolean;
  /** Null makes a new one. */
  profile: CameraProfile | null;
  onClose: () => void;
}

/** One profile: its name, what it sets, and which cameras have it. */
export default function ProfileDrawer({ opened, profile, onClose }: ProfileDrawerProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const save = useSaveProfile();
  const remove = useRemoveProfile();
  const [name, setName] = useState(profile?.name ?? '');
  const [settings, setSettings] = useState(profile?.settings ?? {});
  const [missing, setMissing] = useState(false);
  const users = useCameras().data?.filter(({ profileId }) => profile !== null && profileId === profile.id) ?? [];

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() === '') return;
    const known = profile === null ? {} : { id: profile.id, version: profile.version };
    save.mutate(
      { ...known, name: name.trim(), settings },
      {
        onSuccess: (saved) => {
          const text = profile === null ? undefined : t('profiles.applied', { count: saved.cameras });
          toast({ kind: 'done', title: t('edit.done', { name: saved.name }), ...(text !== undefined && { text }) });
          onClose();
        },
      },
    );
  };
  const drop = () => {
    if (profile === null) return;
    remove.mutate(profile.id, {
      onSuccess: () => {
        toast({ kind: 'done', title: t('remove.done', { name: profile.name }) });
        onClose();
      },
    });
  };
  const error = save.error ?? remove.error;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={profile?.name ?? t('profiles.new')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <form className={page.form} onSubmit={submit} noValidate>
        <TextInput
          label={<FieldLabel label={t('profiles.name')} required />}
          placeholder={t('profiles.example')}
          value={name}
          maxLength={120}
          error={missing ? t('profiles.nameMissing') : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        {profile !== null && users.length > 0 && (
          <Notice icon={IconInfoCircle}>{t('profiles.willApply', { count: users.length })}</Notice>
        )}
        <SettingsEditor value={settings} onChange={setSettings} open={t('profiles.open')} />
        {users.length > 0 && (
          <section className={wizard.block}>
            <h3>{t('profiles.usedBy', { count: users.length })}</h3>
            <ul className={`${wizard.list} ${wizard.scroll}`}>
              {users.map((camera) => (
                <li key={camera.id}>
                  <Link to={paths.cameras({ camera: camera.id })}>{camera.name}</Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        {error !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('edit.failed')} alert>
            {words(error)}
          </Notice>
        )}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('common:save')}
          </Button>
        </div>
        {profile !== null && profile.cameras > 0 && <p className={page.muted}>{t('profiles.inUse')}</p>}
        {profile !== null && profile.cameras === 0 && (
          <Button
            className={classes.danger}
            variant="default"
            loading={remove.isPending}
            leftSection={<IconTrash size={18} stroke={1.8} aria-hidden />}
            onClick={drop}
          >
            {t('profiles.remove')}
          </Button>
        )}
      </form>
    </Drawer>
  );
}
