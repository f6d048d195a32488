import { Button, CloseButton } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconExternalLink from '@tabler/icons-react/icons/IconExternalLink';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DiscoveredDevice } from '../../../server/contracts/discoveries.ts';
import { useStartDiscovery } from '../../api/discoveries.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import { ClockCompare, DeviceFacts } from './device-facts.tsx';
import classes from './discover.module.css';
import { type Found, viewOf } from './discovery-policy.ts';
import { addRun, type DiscoverySession, setPlacements, updateSession } from './discovery-session.ts';
import { NO_PLACEMENT } from './placement.ts';
import { type PlacementErrors, placementErrors } from './placement-errors.ts';
import { PlacementFields } from './placement-fields.tsx';
import type { useAddDevices } from './use-add-devices.ts';

interface DevicePanelProps {
  found: Found;
  session: DiscoverySession;
  adding: ReturnType<typeof useAddDevices>;
  onClose: () => void;
}

/** One device: what is wrong with it and what to do, or where it shall hang. */
export default function DevicePanel({ found, session, adding, onClose }: DevicePanelProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const { device } = found;
  const view = viewOf(device);
  return (
    <div className={classes.device}>
      <header className={classes.head}>
        <div className={page.grow}>
          <h2 className={classes.host}>{device.host}</h2>
          <p className={page.muted}>{device.name || t('results.unknown')}</p>
        </div>
        <CloseButton aria-label={t('common:close')} onClick={onClose} />
      </header>
      {view === 'present' && (
        <Notice icon={IconInfoCircle} title={t('panel.present')}>
          <Link to={paths.cameras({ camera: device.cameraId ?? '' })}>{t('panel.openCamera')}</Link>
        </Notice>
      )}
      {view === 'probing' && <p className={page.muted}>{t('panel.probing')}</p>}
      {view === 'ready' && <AddDevice found={found} session={session} adding={adding} onClose={onClose} />}
      {view === 'attention' && <MendDevice found={found} session={session} />}
      <DeviceFacts device={device} />
    </div>
  );
}

function AddDevice({ found, session, adding, onClose }: DevicePanelProps) {
  const { t } = useTranslation('cameras');
  const words = useErrorText();
  const { device, runId } = found;
  const placement = session.placements.get(device.key) ?? NO_PLACEMENT;
  const [errors, setErrors] = useState<PlacementErrors>({});
  const refusal = adding.refusals.get(device.key);
  const known = session.credentials.get(runId);
  const [typed, setTyped] = useState(NO_CREDENTIALS);

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const wrong = placementErrors(placement, t);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    const added = await adding.add([found]);
    if (added === 0) return;
    toast({ kind: 'done', title: t('add.done', { name: placement.name }), text: t('add.doneHint') });
    onClose();
  };
  if (known === undefined) {
    return (
      <form
        className={page.form}
        onSubmit={(event) => {
          event.preventDefault();
          updateSession((before) => ({ credentials: new Map(before.credentials).set(runId, typed) }));
        }}
      >
        <Notice icon={IconInfoCircle}>{t('panel.accountForgotten')}</Notice>
        <CredentialFields value={typed} onChange={setTyped} />
        <div className={page.buttons}>
          <Button type="submit">{t('panel.useAccount')}</Button>
        </div>
      </form>
    );
  }
  return (
    <form className={page.form} onSubmit={(event) => void submit(event)} noValidate>
      <PlacementFields
        value={placement}
        onChange={(value) => setPlacements(new Map([[device.key, value]]))}
        errors={errors}
      />
      {refusal !== undefined && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('add.failed')} alert>
          {words(refusal)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button type="submit" loading={adding.progress !== null}>
          {t('add.submit')}
        </Button>
      </div>
    </form>
  );
}

/** The page that the camera itself serves, where its clock and accounts are set. */
function ownPage(device: DiscoveredDevice): string | null {
  try {
    return new URL('/', device.onvif).href;
  } catch {
    return null;
  }
}

function MendDevice({ found, session }: { found: Found; session: DiscoverySession }) {
  const { t, i18n } = useTranslation('cameras');
  const words = useErrorText();
  const start = useStartDiscovery();
  const { device, runId } = found;
  const { state } = device;
  const [credentials, setCredentials] = useState(session.credentials.get(runId) ?? NO_CREDENTIALS);
  const asksAccount = state === 'credentials_needed' || state === 'bad_credentials';
  const own = ownPage(device);
  const steps = t(`mend.${state}.steps`, { returnObjects: true }) as unknown;

  const retry = (event: React.FormEvent) => {
    event.preventDefault();
    start.mutate(
      { method: 'address', addresses: [device.host], ...credentials },
      { onSuccess: (run) => addRun(run.id, credentials) },
    );
  };

  return (
    <form className={page.form} onSubmit={retry}>
      <Notice icon={IconAlertTriangle} kind="fault" title={t(`mend.${state}.title`)}>
        <p>{t(`mend.${state}.why`)}</p>
        {state === 'clock_skew' && device.clockSkewMs !== null && <ClockCompare skewMs={device.clockSkewMs} />}
      </Notice>
      <div>
        <h3 className={classes.small}>{t('mend.how')}</h3>
        <ol className={classes.steps}>
          {(Array.isArray(steps) ? steps : []).map((step: string) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
      {asksAccount && <CredentialFields value={credentials} onChange={setCredentials} />}
      {device.errorCode !== null && i18n.exists(`cameras:errorCode.${device.errorCode}`) && (
        <p className={page.muted}>{t(`errorCode.${device.errorCode}`)}</p>
      )}
      {start.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" alert>
          {words(start.error)}
        </Notice>
      )}
      <div className={page.buttons}>
        {own !== null && state !== 'unreachable' && (
          <Button
            component="a"
            href={own}
            target="_blank"
            rel="noreferrer"
            variant="default"
            leftSection={<IconExternalLink size={18} stroke={1.8} aria-hidden />}
          >
            {t('mend.ownPage')}
          </Button>
        )}
        <Button
          type="submit"
          loading={start.isPending}
          leftSection={<IconRefresh size={18} stroke={1.8} aria-hidden />}
        >
          {t('mend.retry')}
        </Button>
      </div>
    </form>
  );
}
