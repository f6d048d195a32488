import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCamera from '@tabler/icons-react/icons/IconCamera';
import { useTranslation } from 'react-i18next';
import type { CameraReference } from '../../../server/contracts/camera-health.ts';
import {
  candidateStill,
  referenceStill,
  useApproveReference,
  useDropReference,
  useTakeCandidate,
} from '../../api/camera-health.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Still } from '../../components/still.tsx';
import { formatShort } from '../../components/time.ts';
import { toast } from '../../components/toast.tsx';
import classes from './health.module.css';

/** How the camera should look: what was approved, and a new picture to be looked at and approved. */
export function HealthReference({
  cameraId,
  references,
}: {
  cameraId: string;
  references: readonly CameraReference[];
}) {
  const { t } = useTranslation('health');
  const words = useErrorText();
  const take = useTakeCandidate(cameraId);
  const approve = useApproveReference(cameraId);
  const drop = useDropReference(cameraId);
  const candidate = take.data;
  const failure = take.error ?? approve.error ?? drop.error;
  const begin = () => {
    approve.reset();
    drop.reset();
    take.mutate();
  };
  return (
    <div className={classes.block}>
      <h4>{t('reference.title')}</h4>
      <p className={page.muted}>{t('reference.hint')}</p>
      {references.length > 0 && candidate === undefined && (
        <ul className={classes.references}>
          {references.map((one) => (
            <li key={one.kind}>
              <Still
                src={referenceStill(cameraId, one.kind, one.approvedAtMs)}
                alt={t('reference.still', { kind: t(`reference.${one.kind}`) })}
              />
              <div className={classes.caption}>
                <b>{t(`reference.${one.kind}`)}</b>
                <span>{t('reference.approved', { name: one.approvedBy, time: formatShort(one.approvedAtMs) })}</span>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  loading={drop.isPending && drop.variables === one.kind}
                  aria-label={t('reference.dropLabel', { kind: t(`reference.${one.kind}`) })}
                  onClick={() =>
                    drop.mutate(one.kind, { onSuccess: () => toast({ kind: 'done', title: t('reference.dropped') }) })
                  }
                >
                  {t('reference.drop')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {candidate !== undefined && (
        <div className={classes.candidate}>
          <Still src={candidateStill(cameraId, candidate.id)} alt={t('reference.candidateStill')} />
          <p>
            <b>{t(`reference.${candidate.kind}`)}.</b> {t('reference.candidate')}
          </p>
        </div>
      )}
      {failure !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('reference.failed')} alert>
          {words(failure)}
        </Notice>
      )}
      {candidate === undefined ? (
        <div>
          <Button
            variant="default"
            leftSection={<IconCamera size={18} stroke={1.8} aria-hidden />}
            loading={take.isPending}
            onClick={begin}
          >
            {t('reference.take')}
          </Button>
        </div>
      ) : (
        <div className={page.buttons}>
          <Button variant="subtle" onClick={() => take.reset()}>
            {t('common:cancel')}
          </Button>
          <Button variant="default" loading={take.isPending} onClick={begin}>
            {t('reference.again')}
          </Button>
          <Button
            loading={approve.isPending}
            onClick={() =>
              approve.mutate(candidate.id, {
                onSuccess: () => {
                  take.reset();
                  toast({ kind: 'done', title: t('reference.done') });
                },
              })
            }
          >
            {t('reference.approve')}
          </Button>
        </div>
      )}
    </div>
  );
}
