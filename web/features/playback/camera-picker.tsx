import { Button, Checkbox, Popover, ScrollArea, TextInput } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { matches } from '../../components/time.ts';
import classes from './side-panel.module.css';

type Props = {
  cameras: readonly Camera[];
  units: readonly Unit[];
  chosen: readonly string[];
  onChosen: (ids: string[]) => void;
};

export const MOST_CAMERAS = 9;

/** Units and their cameras: which are played back together, nine at most. */
export function CameraPicker({ cameras, units, chosen, onChosen }: Props) {
  const { t } = useTranslation('playback');
  const [search, setSearch] = useState('');
  const full = chosen.length >= MOST_CAMERAS;
  return (
    <Popover width={300} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button size="xs" h={32} variant="default" leftSection={<IconPlus size={16} stroke={1.8} />}>
          {t('cameras')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <TextInput
          size="xs"
          placeholder={t('findCamera')}
          aria-label={t('findCamera')}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        <ScrollArea.Autosize mah={320} mt={8} type="auto">
          {units.map((unit) => {
            const own = cameras.filter(
              (each) => each.unitId === unit.id && (search === '' || matches(search, `${each.name} ${unit.name}`)),
            );
            return own.length === 0 ? null : (
              <fieldset key={unit.id} className={classes.pickUnit}>
                <legend>{unit.name}</legend>
                {own.map((each) => {
                  const on = chosen.includes(each.id);
                  return (
                    <Checkbox
                      key={each.id}
                      size="xs"
                      label={each.name}
                      checked={on}
                      disabled={on ? chosen.length === 1 : full}
                      onChange={() => onChosen(on ? chosen.filter((id) => id !== each.id) : [...chosen, each.id])}
                    />
                  );
                })}
              </fieldset>
            );
          })}
        </ScrollArea.Autosize>
        {full && <p className={classes.hint}>{t('mostCameras', { count: MOST_CAMERAS })}</p>}
      </Popover.Dropdown>
    </Popover>
  );
}
