import { Button, PasswordInput, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconKeyboard from '@tabler/icons-react/icons/IconKeyboard';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import { ApiError } from '../../api/client.ts';
import { lastEndReason } from '../../api/realtime.ts';
import { useMe, useSetupState, useSignIn } from '../../api/session.ts';
import { PlainFrame } from '../../app/plain-frame.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FieldError } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { useCapsLock } from '../../components/use-caps-lock.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './session.module.css';
import { waitParts } from './wait.ts';

const DEFAULT_WAIT_MS = 60_000;

/** Signs in; says nothing about which part was wrong. Afterwards the page from which the person was sent here opens again. */
export default function SignInPage() {
  const { t } = useTranslation('session');
  const me = useMe();
  const setup = useSetupState();
  const from = (useLocation().state as { from?: string } | null)?.from;
  const [ended] = useState(lastEndReason);
  useEffect(() => {
    document.title = `${t('title')} · Liên Thông`;
  }, [t]);

  if (me.data) return <Navigate to={from ?? '/'} replace />;
  return (
    <PlainFrame title={t('title')} lead={t('lead')}>
      <div className={classes.form}>
        {setup.data?.needed && <Notice icon={IconInfoCircle}>{t('setupNeeded')}</Notice>}
        {ended !== null && <Notice icon={IconInfoCircle}>{t(`ended.${ended}`)}</Notice>}
        <SignInForm />
        <p className={classes.small}>{t('notice')}</p>
      </div>
    </PlainFrame>
  );
}

function SignInForm() {
  const { t } = useTranslation('session');
  const signIn = useSignIn();
  const capsLock = useCapsLock();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<{ username?: boolean; password?: boolean }>({});
  const [againAtMs, setAgainAtMs] = useState<number | null>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const now = useNow();
  const waiting = againAtMs !== null && againAtMs > now;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const lacking = { username: username.trim() === '', password: password === '' };
    setMissing(lacking);
    if (lacking.username || lacking.password || waiting || signIn.isPending) return;
    signIn.mutate(
      { username: username.trim().toLowerCase(), password },
      {
        onError: (error) => {
          if (error instanceof ApiError && error.status === 429) {
            setAgainAtMs(Date.now() + (error.retryAfterMs ?? DEFAULT_WAIT_MS));
          }
          setPassword('');
          passwordField.current?.focus();
        },
      },
    );
  };

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <Refusal error={signIn.error} waitMs={waiting ? againAtMs - now : null} />
      <TextInput
        label={t('username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        size="md"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={missing.username && t('missing.username')}
      />
      <div>
        <PasswordInput
          ref={passwordField}
          label={t('password')}
          name="password"
          autoComplete="current-password"
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={missing.password && t('missing.password')}
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        />
        {capsLock && (
          <p className={classes.caps} role="status">
            <IconKeyboard size={16} stroke={1.8} aria-hidden />
            {t('capsLock')}
          </p>
        )}
      </div>
      <Button type="submit" size="md" fullWidth loading={signIn.isPending} disabled={waiting}>
        {t('submit')}
      </Button>
    </form>
  );
}

/** Why the last try was refused, in words that tell nobody which part was right. */
function Refusal({ error, waitMs }: { error: unknown; waitMs: number | null }) {
  const { t } = useTranslation('session');
  const words = useErrorText();
  if (error === null) return null;
  if (error instanceof ApiError && error.status === 429) {
    if (waitMs === null) return <Notice icon={IconInfoCircle}>{t('tooManyNow')}</Notice>;
    const { unit, count } = waitParts(waitMs);
    return (
      <Notice icon={IconAlertTriangle} kind="fault" alert>
        {t('tooMany', { wait: t(`wait.${unit}`, { count }) })}
      </Notice>
    );
  }
  const refused = error instanceof ApiError && (error.status === 401 || error.status === 400);
  return (
    <div role="alert">
      <FieldError>{refused ? t('wrong') : words(error)}</FieldError>
    </div>
  );
}
