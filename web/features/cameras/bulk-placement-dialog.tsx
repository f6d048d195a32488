import { Button, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RetentionByStream, SoundByStream } from '../../../server/contracts/cameras.ts';
import { useCameras } from '../../api/cameras.ts';
import { useUnits } from '../../api/units.ts';
import page from '../../components/page.module.css';
import { type Found, placeInOrder } from './discovery-policy.ts';
import { setPlacements } from './discovery-session.ts';
import { KeepingFields } from './keeping-fields.tsx';
import { ProfileSelect } from './profile-select.tsx';
import { SoundWarning } from './recording-fields.tsx';
import wizard from './wizard.module.css';

interface BulkPlacementDialogProps {
  opened: boolean;
  onClose: () => void;
  chosen: readonly Found[];
}

/** Gives all chosen devices a place in one unit, its free desks in their order, and says how long they are kept and with sound or without. */
export default function BulkPlacementDialog({ opened, onClose, chosen }: BulkPlacementDialogProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const units = useUnits();
  const cameras = useCameras();
  const [unitId, setUnitId] = useState<string | null>(null);
  const [retentionDays, setDays] = useState<RetentionByStream>({});
  const [sound, setSound] = useState<SoundByStream>({});
  const [profileId, setProfileId] = useState<string | null>(null);
  const unit = units.data?.find((one) => one.id === unitId);
  const taken = new Set(cameras.data?.flatMap((camera) => camera.deskIds));
  const devices = chosen.map(({ device }) => device);
  const places = unit === undefined ? null : placeInOrder(devices, unit, taken);

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('bulk.title', { count: chosen.length })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <div className={page.form}>
        <p className={page.muted}>{t('bulk.text')}</p>
        <Select
          label={t('field.unit')}
          data={units.data?.map((one) => ({ value: one.id, label: one.name })) ?? []}
          value={unitId}
          onChange={setUnitId}
          searchable
          data-autofocus
        />
        {places !== null && (
          <ul className={`${page.muted} ${wizard.scroll}`}>
            {devices.map((device) => (
              <li key={device.key}>
                {device.host}: {places.get(device.key)?.name}
              </li>
            ))}
          </ul>
        )}
        <ProfileSelect value={profileId} onChange={setProfileId} />
        {(['main', 'sub'] as const).map((stream) => (
          <KeepingFields
            key={stream}
            stream={stream}
            days={retentionDays[stream] ?? null}
            sound={sound[stream] ?? false}
            onChange={(change) => {
              const { days, sound: heard } = change;
              if (days !== undefined) setDays((before) => ({ ...before, [stream]: days }));
              if (heard !== undefined) setSound((before) => ({ ...before, [stream]: heard }));
            }}
          />
        ))}
        {Object.values(sound).some(Boolean) && <SoundWarning />}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            disabled={places === null}
            onClick={() => {
              const settings = { retentionDays, sound, profileId };
              if (places !== null) {
                setPlacements(new Map([...places].map(([key, place]) => [key, { ...place, ...settings }])));
              }
              onClose();
            }}
          >
            {t('bulk.submit')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
