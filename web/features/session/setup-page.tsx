import { Button, PasswordInput, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconLink from '@tabler/icons-react/icons/IconLink';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useSearchParams } from 'react-router';
import { setupRequest } from '../../../server/contracts/session.ts';
import { ApiError } from '../../api/client.ts';
import { useMe, useSetup, useSetupState } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { PlainFrame } from '../../app/plain-frame.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Problem } from '../../components/problem.tsx';
import classes from './session.module.css';

/** The first administrator's account, made through the single-use link that the first start prints. */
export default function SetupPage() {
  const { t } = useTranslation('session');
  const me = useMe();
  const setup = useSetupState();
  const [search] = useSearchParams();
  const token = search.get('token') ?? '';
  useEffect(() => {
    document.title = `${t('setup.title')} · Liên Thông`;
  }, [t]);

  if (me.data) return <Navigate to="/" replace />;
  return (
    <PlainFrame title={t('setup.title')} lead={t('setup.lead')}>
      {setup.isError && <Problem error={setup.error} onRetry={() => setup.refetch()} />}
      {setup.data?.needed === false && (
        <div className={classes.form}>
          <Notice icon={IconCircleCheck} title={t('setup.done')}>
            {t('setup.doneHint')}
          </Notice>
          <Button component={Link} to={paths.signIn} variant="default">
            {t('setup.toSignIn')}
          </Button>
        </div>
      )}
      {setup.data?.needed && token.length < 20 && (
        <Notice icon={IconLink} kind="fault" title={t('setup.noToken')} alert>
          {t('setup.noTokenHint')}
        </Notice>
      )}
      {setup.data?.needed && token.length >= 20 && <SetupForm token={token} />}
    </PlainFrame>
  );
}

type FieldName = 'name' | 'username' | 'password' | 'repeat';

function SetupForm({ token }: { token: string }) {
  const { t } = useTranslation('session');
  const words = useErrorText();
  const send = useSetup();
  const [values, setValues] = useState<Record<FieldName, string>>({ name: '', username: '', password: '', repeat: '' });
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const field = (name: FieldName) => ({
    name,
    value: values[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
    error: wrong.has(name) && t(`setup.invalid.${name}`),
    size: 'md' as const,
  });

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const { repeat, ...account } = values;
    const parsed = setupRequest.safeParse({ token, ...account });
    const lacking = new Set(parsed.success ? [] : parsed.error.issues.map((issue) => String(issue.path[0])));
    if (values.password !== repeat) lacking.add('repeat');
    setWrong(lacking);
    if (!parsed.success || lacking.size > 0 || send.isPending) return;
    send.mutate(parsed.data, {
      onError: (error) => {
        if (error instanceof ApiError) setWrong(new Set(Object.keys(error.fields)));
      },
    });
  };
  const refused = send.error instanceof ApiError && [401, 403, 404, 409, 410].includes(send.error.status);

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      {send.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" alert>
          {refused ? t('setup.refused') : words(send.error)}
        </Notice>
      )}
      <TextInput
        {...field('name')}
        label={<FieldLabel label={t('setup.name')} required />}
        autoComplete="name"
        autoFocus
      />
      <TextInput
        {...field('username')}
        label={<FieldLabel label={t('setup.username')} hint={t('setup.usernameHint')} required />}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordInput
        {...field('password')}
        label={<FieldLabel label={t('setup.password')} hint={t('setup.passwordHint')} required />}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      />
      <PasswordInput
        {...field('repeat')}
        label={<FieldLabel label={t('setup.repeat')} required />}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      />
      <Button type="submit" size="md" fullWidth loading={send.isPending}>
        {t('setup.submit')}
      </Button>
    </form>
  );
}
