import { ActionIcon, Button, Checkbox, Switch, TextInput } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconX from '@tabler/icons-react/icons/IconX';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DigestChoice, NoticeSettings, PatchNoticeSettings } from '../../../server/contracts/notices.ts';
import { timeOfDay } from '../../../server/contracts/notices.ts';
import { usePatchNoticeSettings } from '../../api/notices.ts';
import { useErrorText } from '../../components/error-text.ts';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './notice-settings.module.css';

const MOST_TIMES = 4;

function useSave() {
  const { t } = useTranslation('notices');
  const words = useErrorText();
  const patch = usePatchNoticeSettings();
  const save = (body: PatchNoticeSettings) =>
    patch.mutate(body, {
      onSuccess: () => toast({ kind: 'done', title: t('choose.saved') }),
      onError: (error) => toast({ kind: 'error', title: t('choose.notSaved'), text: words(error) }),
    });
  return { save, saving: patch.isPending, pending: patch.isPending ? patch.variables : undefined };
}

/** Hours in which no mail comes. */
export function MailHoursCard({ settings }: { settings: NoticeSettings }) {
  const { t } = useTranslation('notices');
  const { save, saving, pending } = useSave();
  const [hours, setHours] = useState(settings.quietHours ?? { from: '20:00', to: '06:30' });
  // Switched at once, before the server has answered.
  const on = (pending?.quietHours === undefined ? settings.quietHours : pending.quietHours) !== null;
  const fits =
    timeOfDay.safeParse(hours.from).success && timeOfDay.safeParse(hours.to).success && hours.from !== hours.to;
  const changed = on && (settings.quietHours?.from !== hours.from || settings.quietHours?.to !== hours.to);
  if (!settings.mailOffered) return null;
  return (
    <section className={classes.card} aria-labelledby="notice-quiet">
      <h2 className={classes.heading} id="notice-quiet">
        {t('choose.quiet')}
      </h2>
      <p className={page.muted}>{t('choose.quietHint')}</p>
      <Switch
        label={t('choose.quietOn')}
        checked={on}
        disabled={saving || !fits}
        onChange={({ currentTarget }) => save({ quietHours: currentTarget.checked ? hours : null })}
      />
      {on && (
        <div className={classes.line}>
          <TextInput
            className={classes.time}
            placeholder="07:00"
            maxLength={5}
            inputMode="numeric"
            label={t('choose.from')}
            value={hours.from}
            onChange={({ currentTarget }) => setHours({ ...hours, from: currentTarget.value })}
          />
          <TextInput
            className={classes.time}
            placeholder="07:00"
            maxLength={5}
            inputMode="numeric"
            label={t('choose.to')}
            value={hours.to}
            onChange={({ currentTarget }) => setHours({ ...hours, to: currentTarget.value })}
          />
        </div>
      )}
      {changed && (
        <div className={page.buttons}>
          <Button loading={saving} disabled={!fits} onClick={() => save({ quietHours: hours })}>
            {t('choose.save')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** When the digest comes. */
export function DigestCard({ digest }: { digest: DigestChoice }) {
  const { t } = useTranslation('notices');
  const { save, saving } = useSave();
  const [time, setTime] = useState('');
  const sorted = [...digest.times].sort();
  const may = timeOfDay.safeParse(time).success && !digest.times.includes(time) && digest.times.length < MOST_TIMES;
  return (
    <section className={classes.card} aria-labelledby="notice-digest">
      <h2 className={classes.heading} id="notice-digest">
        {t('choose.digest')}
      </h2>
      <p className={page.muted}>{t('choose.digestHint')}</p>
      <div className={classes.line}>
        {sorted.map((one) => (
          <span key={one} className={classes.line}>
            <b>{one}</b>
            <ActionIcon
              variant="default"
              size={32}
              disabled={saving}
              aria-label={t('choose.removeTime', { time: one })}
              onClick={() => save({ digest: { ...digest, times: digest.times.filter((other) => other !== one) } })}
            >
              <IconX size={16} stroke={1.8} aria-hidden />
            </ActionIcon>
          </span>
        ))}
      </div>
      {digest.times.length < MOST_TIMES && (
        <div className={classes.row}>
          <TextInput
            placeholder="07:00"
            maxLength={5}
            inputMode="numeric"
            label={t('choose.times')}
            value={time}
            onChange={({ currentTarget }) => setTime(currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={!may || saving}
            leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />}
            onClick={() => {
              save({ digest: { ...digest, times: [...digest.times, time] } });
              setTime('');
            }}
          >
            {t('choose.addTime')}
          </Button>
        </div>
      )}
      <Checkbox
        label={t('choose.workingDays')}
        checked={digest.workingDaysOnly}
        disabled={saving}
        onChange={({ currentTarget }) => save({ digest: { ...digest, workingDaysOnly: currentTarget.checked } })}
      />
    </section>
  );
}
