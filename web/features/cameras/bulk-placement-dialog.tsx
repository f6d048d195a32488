import { Button, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/cameras.ts';
import { useUnits } from '../../api/units.ts';
import page from '../../components/page.module.css';
import { type Found, placeInOrder } from './discovery-policy.ts';
import { setPlacements } from './discovery-session.ts';

interface BulkPlacementDialogProps {
  opened: boolean;
  onClose: () => void;
  chosen: readonly Found[];
}

/** Gives all chosen devices a place in one unit: its free desks in their order. */
export default function BulkPlacementDialog({ opened, onClose, chosen }: BulkPlacementDialogProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const units = useUnits();
  const cameras = useCameras();
  const [unitId, setUnitId] = useState<string | null>(null);
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
          <ul className={page.muted}>
            {devices.map((device) => (
              <li key={device.key}>
                {device.host}: {places.get(device.key)?.name}
              </li>
            ))}
          </ul>
        )}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            disabled={places === null}
            onClick={() => {
              if (places !== null) setPlacements(places);
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
