import { Button, Modal, Textarea } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { CameraProposal } from '../../../server/contracts/camera-health.ts';
import { proposalStill, useConfirmProposal, useRejectProposal } from '../../api/camera-health.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../error-text.ts';
import { Notice } from '../notice.tsx';
import page from '../page.module.css';
import { Still } from '../still.tsx';
import { formatMinute, formatSince } from '../time.ts';
import { toast } from '../toast.tsx';
import { useNow } from '../use-now.ts';
import classes from './camera-proposals.module.css';

interface ProposalsDialogProps {
  opened: boolean;
  onClose: () => void;
  proposals: readonly CameraProposal[];
}

/** Each proposal with its still: a case is made of it, or it is left with a reason. */
export default function ProposalsDialog({ opened, onClose, proposals }: ProposalsDialogProps) {
  const { t } = useTranslation(['health', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('proposal.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <div className={classes.dialog}>
        <p className={page.muted}>{proposals.length === 0 ? t('proposal.none') : t('proposal.text')}</p>
        {proposals.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} onClose={onClose} />
        ))}
      </div>
    </Modal>
  );
}

function Proposal({ proposal, onClose }: { proposal: CameraProposal; onClose: () => void }) {
  const { t } = useTranslation(['health', 'common']);
  const now = useNow(60_000);
  const words = useErrorText();
  const navigate = useNavigate();
  const confirm = useConfirmProposal();
  const reject = useRejectProposal();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const { id, cause, fromMs, toMs } = proposal;
  const from = formatSince(fromMs, now);
  const failure = confirm.error ?? reject.error;
  const busy = confirm.isPending || reject.isPending;

  const make = async () => {
    // Awaited, since the list loses the proposal, and with it this form, before the callbacks of a mutation would be called.
    const made = await confirm.mutateAsync({ id, note: note.trim() }).catch(() => null);
    if (made === null) return;
    const { incidentId } = made;
    const open = () => {
      onClose();
      if (incidentId !== null) void navigate(paths.incident(incidentId));
    };
    toast({ kind: 'done', title: t('proposal.confirmed'), action: { label: t('proposal.openCase'), onClick: open } });
  };
  const leave = async () => {
    setMissing(note.trim() === '');
    if (note.trim() === '') return;
    const left = await reject.mutateAsync({ id, reason: note.trim() }).catch(() => null);
    if (left !== null) toast({ kind: 'done', title: t('proposal.rejected') });
  };

  return (
    <article className={classes.proposal} aria-label={`${t(`proposal.cause.${cause}`)}: ${proposal.cameraName}`}>
      <Still
        src={proposal.still ? proposalStill(id) : null}
        alt={t(cause === 'cut' ? 'proposal.lastStill' : 'proposal.still')}
      />
      <div className={classes.form}>
        <p>
          <b>{t(`proposal.cause.${cause}`)}</b>{' '}
          {toMs === null ? t('proposal.lasts', { from }) : t('proposal.lasted', { from, to: formatMinute(toMs) })}
          <span className={classes.place}>
            {proposal.unitName}, {proposal.cameraName}
          </span>
        </p>
        <Textarea
          label={t('proposal.note')}
          autosize
          minRows={1}
          maxRows={4}
          maxLength={4000}
          value={note}
          error={missing && t('proposal.reasonNeeded')}
          onChange={(event) => {
            setNote(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {failure !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('proposal.failed')} alert>
            {words(failure)}
          </Notice>
        )}
        <div className={page.buttons}>
          <Button variant="default" disabled={busy} onClick={() => void leave()}>
            {t('proposal.reject')}
          </Button>
          <Button loading={confirm.isPending} disabled={busy} onClick={() => void make()}>
            {t('proposal.confirm')}
          </Button>
        </div>
      </div>
    </article>
  );
}
