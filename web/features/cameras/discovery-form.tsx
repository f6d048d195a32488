import { Button, Textarea } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconRadar2 from '@tabler/icons-react/icons/IconRadar2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createDiscoveryRequest } from '../../../server/contracts/discoveries.ts';
import { useStartDiscovery } from '../../api/discoveries.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import classes from './discover.module.css';
import { parseAddresses } from './discovery-policy.ts';
import { startSession } from './discovery-session.ts';

type Method = 'ws_discovery' | 'address';
const MOST_ADDRESSES = 256;

/** Begins a search: who announces itself in the network, or what answers at named addresses. */
export function DiscoveryForm() {
  const { t } = useTranslation('cameras');
  const words = useErrorText();
  const start = useStartDiscovery();
  const [method, setMethod] = useState<Method>('ws_discovery');
  const [typed, setTyped] = useState('');
  const [credentials, setCredentials] = useState(NO_CREDENTIALS);
  const [error, setError] = useState<string | null>(null);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const addresses = method === 'address' ? parseAddresses(typed) : [];
    const parsed = createDiscoveryRequest.safeParse({ method, addresses, ...credentials });
    if (method === 'address' && addresses.length === 0) return setError(t('discover.noAddress'));
    if (addresses.length > MOST_ADDRESSES) return setError(t('discover.tooMany', { count: MOST_ADDRESSES }));
    if (!parsed.success) {
      const wrong = parsed.error.issues.map((issue) => addresses[Number(issue.path[1])]).find(Boolean) ?? '';
      return setError(t('discover.badAddress', { address: wrong }));
    }
    setError(null);
    start.mutate(parsed.data, { onSuccess: (run) => startSession(run.id, credentials) });
  };

  return (
    <form className={classes.panel} onSubmit={submit} noValidate>
      <div className={page.tools}>
        <Segmented
          label={t('discover.method')}
          options={[
            { value: 'ws_discovery', label: t('discover.ws') },
            { value: 'address', label: t('discover.address') },
          ]}
          value={method}
          onChange={setMethod}
        />
        <span className={page.muted}>{t(`discover.hint.${method}`)}</span>
      </div>
      <div className={classes.formRow}>
        {method === 'address' && (
          <Textarea
            className={classes.addresses}
            label={t('discover.addresses')}
            placeholder={'10.22.14.21\n10.22.14.22:8080'}
            autosize
            minRows={1}
            maxRows={6}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={error}
            spellCheck={false}
          />
        )}
        <div className={classes.account}>
          <CredentialFields value={credentials} onChange={setCredentials} />
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
      {start.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('discover.failed')} alert>
          {words(start.error)}
        </Notice>
      )}
    </form>
  );
}
