import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamName } from '../../../server/contracts/common.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { formatDate, formatDuration, formatTime } from '../../components/time.ts';
import classes from './side-panel.module.css';

type Props = {
  stretch: { fromMs: number; toMs: number };
  cameras: readonly { cameraId: string; name: string; stream: StreamName }[];
  onClose: () => void;
};

const LEAST_REASON = 3;

/** A file of the marked stretch, of each camera one: footage leaves with a reason only, which is logged. */
export function ClipDialog({ stretch, cameras, onClose }: Props) {
  const { t } = useTranslation('playback');
  const [reason, setReason] = useState('');
  const [exact, setExact] = useState<'gop' | 'frame'>('gop');
  const good = reason.trim().length >= LEAST_REASON;
  const { fromMs, toMs } = stretch;
  return (
    <Modal opened onClose={onClose} title={t('clipFile.title')} size={520}>
      <div className={classes.clip}>
        <p>
          {formatDate(fromMs)} {formatTime(fromMs)} → {formatTime(toMs)} ({formatDuration(toMs - fromMs)})
        </p>
        <TextInput
          data-autofocus
          label={t('clipFile.reason')}
          description={t('clipFile.reasonHint')}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Radio.Group
          label={t('clipFile.cut')}
          value={exact}
          onChange={(value) => setExact(value === 'frame' ? 'frame' : 'gop')}
        >
          <Radio mt={6} value="gop" label={t('clipFile.gop')} />
          <Radio mt={6} value="frame" label={t('clipFile.frame')} />
        </Radio.Group>
        {cameras.map(({ cameraId, name, stream }) => (
          <Button
            key={cameraId}
            component="a"
            variant={cameras.length === 1 ? 'filled' : 'default'}
            href={good ? mediaPaths.clip(cameraId, stream, fromMs, toMs, exact, reason.trim()) : undefined}
            download
            data-disabled={!good || undefined}
            aria-disabled={!good}
          >
            {t('clipFile.save', { name })}
          </Button>
        ))}
      </div>
    </Modal>
  );
}
