import { Button, CloseButton } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
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
import { AddDevice } from './add-device.tsx';
import { AddedPicture } from './added-picture.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import { ClockCompare, DeviceFacts } from './device-facts.tsx';
import type { DevicePanelProps } from './device-panel-props.ts';
import classes from './discover.module.css';
import { type Found, mendOf, viewOf } from './discovery-policy.ts';
import { addRun, type DiscoverySession } from './discovery-session.ts';

/** One device: what is wrong with it and what to do, or the rest of its way to become a camera. */
export default function DevicePanel(props: DevicePanelProps) {
  const { found, session, onClose } = props;
  const { t } = useTranslation(['cameras', 'common']);
  const { device } = found;
  const view = viewOf(device);
  const added = session.added.has(device.key);
  return (
    <div className={classes.device}>
      <header className={classes.head}>
        <div className={page.grow}>
          <h2 className={classes.host}>{device.host}</h2>
          <p className={page.muted}>{device.name || t('results.unknown')}</p>
        </div>
        <CloseButton aria-label={t('common:close')} onClick={onClose} />
      </header>
      {view === 'present' && device.cameraId !== null && (
        <>
          <Notice icon={added ? IconCircleCheck : IconInfoCircle} title={added ? t('panel.added') : t('panel.present')}>
            <Link to={paths.cameras({ camera: device.cameraId })}>{t('panel.openCamera')}</Link>
          </Notice>
          {added && <AddedPicture cameraId={device.cameraId} />}
        </>
      )}
      {view === 'probing' && <p className={page.muted}>{t('panel.probing')}</p>}
      {view === 'ready' && <AddDevice {...props} />}
      {view === 'attention' && <MendDevice found={found} session={session} />}
      {view !== 'ready' && <DeviceFacts device={device} />}
    </div>
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
  const mend = mendOf(device);
  const asksAccount = ['credentials_needed', 'bad_credentials', 'locked_out'].includes(mend);
  const own = ownPage(device);
  const steps = t(`mend.${mend}.steps`, { returnObjects: true }) as unknown;

  const retry = (event: React.FormEvent) => {
    event.preventDefault();
    start.mutate(
      { method: 'address', addresses: [device.host], ...credentials },
      { onSuccess: (run) => addRun(run.id, credentials) },
    );
  };

  return (
    <form className={page.form} onSubmit={retry}>
      <Notice icon={IconAlertTriangle} kind="fault" title={t(`mend.${mend}.title`)}>
        <p>{t(`mend.${mend}.why`)}</p>
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
