import { Button, Textarea, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconRadar2 from '@tabler/icons-react/icons/IconRadar2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useStartDiscovery } from '../../api/discoveries.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { CredentialFields } from './credential-fields.tsx';
import classes from './discover.module.css';
import { type Draft, type DraftError, METHODS, requestOf } from './discovery-draft.ts';
import { startSession, updateSession, useDiscoverySession } from './discovery-session.ts';

/** Begins a search: who announces itself in the network, what answers at named addresses, or in a range of them. */
export function DiscoveryForm() {
  const { t } = useTranslation('cameras');
  const words = useErrorText();
  const start = useStartDiscovery();
  const { draft } = useDiscoverySession();
  const [error, setError] = useState<DraftError | null>(null);
  const change = (part: Partial<Draft>) => {
    setError(null);
    updateSession((before) => ({ draft: { ...before.draft, ...part } }));
  };
  const errorOf = (field: DraftError['field']) =>
    error?.field === field ? t(`discover.${error.code}`, { ...error }) : undefined;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const what = requestOf(draft);
    if ('error' in what) return setError(what.error);
    setError(null);
    start.mutate(what.request, { onSuccess: (run) => startSession(run.id, draft.credentials) });
  };

  return (
    <form className={classes.panel} onSubmit={submit} noValidate>
      <div className={page.tools}>
        <Segmented
          label={t('discover.method')}
          options={METHODS.map((value) => ({ value, label: t(`discover.way.${value}`) }))}
          value={draft.method}
          onChange={(method) => change({ method })}
        />
        <span className={page.muted}>{t(`discover.hint.${draft.method}`)}</span>
      </div>
      <div className={classes.formRow}>
        {draft.method === 'address' && (
          <Textarea
            className={classes.addresses}
            label={t('discover.addresses')}
            placeholder={'10.22.14.21\n10.22.14.22:8080'}
            autosize
            minRows={1}
            maxRows={6}
            value={draft.addresses}
            onChange={(event) => change({ addresses: event.currentTarget.value })}
            error={errorOf('addresses')}
            spellCheck={false}
          />
        )}
        {draft.method === 'range' && (
          <div className={classes.range}>
            <TextInput
              label={<FieldLabel label={t('discover.range')} required />}
              placeholder="10.22.14.0/24"
              value={draft.range}
              maxLength={18}
              onChange={(event) => change({ range: event.currentTarget.value })}
              error={errorOf('range')}
              spellCheck={false}
            />
            <TextInput
              label={<FieldLabel label={t('discover.ports')} hint={t('discover.portsHint')} />}
              placeholder="80, 8080"
              value={draft.ports}
              maxLength={40}
              onChange={(event) => change({ ports: event.currentTarget.value })}
              error={errorOf('ports')}
              spellCheck={false}
            />
          </div>
        )}
        <div className={classes.account}>
          <CredentialFields value={draft.credentials} onChange={(credentials) => change({ credentials })} />
        </div>
        <Button
          type="submit"
          className={classes.start}
          loading={start.isPending}
          leftSection={<IconRadar2 size={18} stroke={1.8} aria-hidden />}
        >
          {t('discover.start')}
        </Button>
      </div>
      <p className={page.muted}>{t('discover.accountHint')}</p>
      <p className={page.muted}>
        {t('discover.otherWays')} <Link to={paths.importCameras}>{t('tabs.import')}</Link>
      </p>
      {start.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('discover.failed')} alert>
          {words(start.error)}
        </Notice>
      )}
    </form>
  );
}
