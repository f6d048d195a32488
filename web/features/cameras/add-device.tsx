import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inspectionPicture } from '../../api/camera-onboarding.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Skeleton } from '../../components/skeletons.tsx';
import { toast } from '../../components/toast.tsx';
import { AdviceList } from './advice-list.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import type { DevicePanelProps } from './device-panel-props.ts';
import { useFailureWords } from './device-words.ts';
import { noteFixes, setPlacements, updateSession } from './discovery-session.ts';
import { InspectionFacts } from './inspection-facts.tsx';
import { LivePicture } from './live-picture.tsx';
import { NO_PLACEMENT } from './placement.ts';
import { type PlacementErrors, placementErrors } from './placement-errors.ts';
import { PlacementFields } from './placement-fields.tsx';
import { ProfileSelect } from './profile-select.tsx';
import wizard from './wizard.module.css';

/** The way of one device: its picture, what it is, what to mend, where it hangs, save. It is looked at as soon as it is opened. */
export function AddDevice(props: DevicePanelProps) {
  const { found, session, inspection } = props;
  const known = session.credentials.has(found.runId) || session.inspections.has(found.device.key);
  if (!known) return <AskAccount runId={found.runId} />;
  return (
    <>
      <Look {...props} />
      {inspection !== undefined && (inspection.state === 'done' || session.fixes.has(found.device.key)) && (
        <LivePicture
          key={inspection.id}
          address={(turn) => inspectionPicture(inspection.id, 'main', turn)}
          alt={`${found.device.host}`}
        />
      )}
      {inspection !== undefined && inspection.onvif !== null && <InspectionFacts inspection={inspection} />}
      {inspection !== undefined && (inspection.state === 'done' || session.fixes.has(found.device.key)) && (
        <AdviceList
          inspection={inspection}
          fixes={session.fixes.get(found.device.key) ?? []}
          onFixed={(results) => noteFixes(found.device.key, results)}
        />
      )}
      <PlaceDevice {...props} />
    </>
  );
}

/** Has the device looked at, and says how far that is. */
function Look({ found, session, inspection, inspecting }: DevicePanelProps) {
  const { t } = useTranslation('cameras');
  const words = useErrorText();
  const failure = useFailureWords();
  const { key } = found.device;
  const error = session.notInspected.get(key);
  const failed = inspection?.state === 'failed';
  const untouched = inspection === undefined && error === undefined && !session.inspections.has(key);
  const { start } = inspecting;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is opened untouched
  useEffect(() => {
    if (untouched) void start([found]);
  }, [untouched, key]);
  if (failed || error !== undefined) {
    return (
      <Notice icon={IconAlertTriangle} kind="fault" title={t('look.failed')} alert>
        <p>{failed ? failure(inspection.errorCode) : words(error)}</p>
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.8} aria-hidden />}
          onClick={() => void start([found])}
        >
          {t('look.again')}
        </Button>
      </Notice>
    );
  }
  if (inspection?.state === 'done') return null;
  return (
    <div role="status" aria-busy className={wizard.block}>
      <p className={page.muted}>{t(`look.${inspection?.step ?? 'waiting'}`)}</p>
      <Skeleton height={8} />
    </div>
  );
}

/** After a reload of the page nobody knows the account any more. */
function AskAccount({ runId }: { runId: string }) {
  const { t } = useTranslation('cameras');
  const [typed, setTyped] = useState(NO_CREDENTIALS);
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

function PlaceDevice({ found, session, adding }: DevicePanelProps) {
  const { t } = useTranslation('cameras');
  const words = useErrorText();
  const { device } = found;
  const placement = session.placements.get(device.key) ?? NO_PLACEMENT;
  const [errors, setErrors] = useState<PlacementErrors>({});
  const refusal = adding.refusals.get(device.key);
  const place = (value: typeof placement) => setPlacements(new Map([[device.key, value]]));

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const wrong = placementErrors(placement, t);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    if ((await adding.add([found])) > 0) toast({ kind: 'done', title: t('add.done', { name: placement.name }) });
  };
  return (
    <form className={page.form} onSubmit={(event) => void submit(event)} noValidate>
      <section className={wizard.block}>
        <h3>{t('panel.place')}</h3>
      </section>
      <PlacementFields value={placement} onChange={place} errors={errors} />
      <ProfileSelect value={placement.profileId ?? null} onChange={(profileId) => place({ ...placement, profileId })} />
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
