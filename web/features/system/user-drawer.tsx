import { Button, Drawer, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newPassword } from '../../../server/contracts/session.ts';
import type { User } from '../../../server/contracts/users.ts';
import { useMe } from '../../api/session.ts';
import { usePatchUser } from '../../api/users.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import { PasswordField } from './password-field.tsx';

/** One account: its name, a new password, and whether it may be used. */
export default function UserDrawer({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  const { t } = useTranslation(['system', 'common']);
  return (
    <Drawer
      opened={user !== undefined}
      onClose={onClose}
      title={user?.name}
      size={440}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {user !== undefined && (
        <div className={page.form} key={user.id}>
          <p className={page.muted}>
            {user.username} · {t(`common:role.${user.role}`)}
          </p>
          <NameForm user={user} />
          <PasswordForm user={user} />
          <UseOfAccount user={user} />
        </div>
      )}
    </Drawer>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation('system');
  const words = useErrorText();
  if (error === null) return null;
  return (
    <Notice icon={IconAlertTriangle} kind="fault" title={t('user.notSaved')} alert>
      {words(error)}
    </Notice>
  );
}

function NameForm({ user }: { user: User }) {
  const { t } = useTranslation(['system', 'common']);
  const patch = usePatchUser();
  const [name, setName] = useState(user.name);
  const [empty, setEmpty] = useState(false);
  return (
    <form
      className={page.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(name.trim() === '');
        if (name.trim() === '') return;
        patch.mutate(
          { id: user.id, name: name.trim() },
          { onSuccess: () => toast({ kind: 'done', title: t('user.saved', { name: name.trim() }) }) },
        );
      }}
    >
      <TextInput
        label={<FieldLabel label={t('user.name')} required />}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
        error={empty && t('invalid.name')}
      />
      <Refusal error={patch.error} />
      <div className={page.buttons}>
        <Button type="submit" variant="default" loading={patch.isPending} disabled={name.trim() === user.name}>
          {t('user.saveName')}
        </Button>
      </div>
    </form>
  );
}

function PasswordForm({ user }: { user: User }) {
  const { t } = useTranslation('system');
  const patch = usePatchUser();
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  return (
    <form
      className={page.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const fits = newPassword.safeParse(password).success;
        setShort(!fits);
        if (!fits) return;
        patch.mutate(
          { id: user.id, password },
          {
            onSuccess: () => {
              toast({
                kind: 'done',
                title: t('user.passwordSet', { name: user.name }),
                text: t('user.passwordSetHint'),
              });
              setPassword('');
            },
          },
        );
      }}
    >
      <PasswordField
        label={t('user.newPassword')}
        value={password}
        onChange={setPassword}
        error={short ? t('invalid.password') : undefined}
      />
      <Refusal error={patch.error} />
      <div className={page.buttons}>
        <Button type="submit" variant="default" loading={patch.isPending}>
          {t('user.setPassword')}
        </Button>
      </div>
    </form>
  );
}

function UseOfAccount({ user }: { user: User }) {
  const { t } = useTranslation('system');
  const self = useMe().data?.id === user.id;
  const patch = usePatchUser();
  const turn = () =>
    patch.mutate(
      { id: user.id, disabled: !user.disabled },
      {
        onSuccess: () =>
          toast({
            kind: 'done',
            title: t(user.disabled ? 'user.enabledDone' : 'user.disabledDone', { name: user.name }),
          }),
      },
    );
  if (self) return <Notice icon={IconInfoCircle}>{t('user.self')}</Notice>;
  return (
    <div className={page.form}>
      <p className={page.muted}>{t(user.disabled ? 'user.enableHint' : 'user.disableHint')}</p>
      <Refusal error={patch.error} />
      <div>
        <Button variant="default" loading={patch.isPending} onClick={turn}>
          {t(user.disabled ? 'user.enable' : 'user.disable')}
        </Button>
      </div>
    </div>
  );
}
