import { Button, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconBulb from '@tabler/icons-react/icons/IconBulb';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconTool from '@tabler/icons-react/icons/IconTool';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdviceCode, FixResult, Inspection } from '../../../server/contracts/camera-onboarding.ts';
import { useFixDevice } from '../../api/camera-onboarding.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { DeviceChanges, FixAccount } from './device-changes.tsx';
import { useAdviceWords } from './device-words.ts';
import classes from './wizard.module.css';
import { fixable } from './wizard-policy.ts';

interface AdviceListProps {
  inspection: Inspection;
  fixes: readonly FixResult[];
  onFixed: (results: readonly FixResult[]) => void;
}

/** What should be otherwise on a device and what it costs to leave it so; with one button each where the device lets itself be set. */
export function AdviceList({ inspection, fixes, onFixed }: AdviceListProps) {
  const { t } = useTranslation('cameras');
  const words = useAdviceWords();
  const errorWords = useErrorText();
  const fix = useFixDevice();
  const [ntp, setNtp] = useState('');
  const mendable = fixable(inspection);
  const server = ntp.trim();

  const mend = (codes: AdviceCode[]) =>
    fix.mutate(
      { id: inspection.id, codes, ...(codes.includes('clock_wrong') && server !== '' && { ntp: server }) },
      { onSuccess: ({ results }) => onFixed(results) },
    );

  return (
    <section className={classes.block}>
      <h3>{t('advice.heading')}</h3>
      {inspection.state === 'done' && inspection.advice.length === 0 && (
        <p className={classes.fine}>
          <IconCircleCheck size={18} stroke={1.8} aria-hidden />
          {t('advice.none')}
        </p>
      )}
      {inspection.advice.length > 0 && (
        <ul className={classes.advice}>
          {inspection.advice.map((one) => {
            const { title, why } = words(one);
            return (
              <li key={one.code}>
                <IconBulb size={18} stroke={1.8} aria-hidden />
                <div className={classes.adviceWords}>
                  <h4>{title}</h4>
                  <p>{why}</p>
                  {one.fix === null ? (
                    <p className={page.muted}>{t(`advice.${one.code}.self`)}</p>
                  ) : (
                    <>
                      {one.fix.changes.length > 0 && <DeviceChanges changes={one.fix.changes} />}
                      {one.code === 'clock_wrong' && (
                        <TextInput
                          label={<FieldLabel label={t('advice.ntp')} hint={t('advice.ntpHint')} />}
                          placeholder="10.22.0.5"
                          value={ntp}
                          maxLength={253}
                          spellCheck={false}
                          onChange={(event) => setNtp(event.currentTarget.value)}
                        />
                      )}
                      <Button
                        className={classes.mend}
                        variant="default"
                        disabled={inspection.state !== 'done'}
                        loading={fix.isPending && fix.variables.codes.includes(one.code)}
                        leftSection={<IconTool size={18} stroke={1.8} aria-hidden />}
                        onClick={() => mend([one.code])}
                      >
                        {t(`advice.${one.code}.fix`)}
                      </Button>
                    </>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {mendable.length > 1 && (
        <Button
          className={classes.mend}
          loading={fix.isPending}
          leftSection={<IconTool size={18} stroke={1.8} aria-hidden />}
          onClick={() => mend(mendable.map(({ code }) => code))}
        >
          {t('advice.fixAll', { count: mendable.length })}
        </Button>
      )}
      {fix.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('advice.failed')} alert>
          {errorWords(fix.error)}
        </Notice>
      )}
      {fixes.length > 0 && (
        <>
          <h4 className={classes.small}>{t('fixed.heading')}</h4>
          <FixAccount results={fixes} />
        </>
      )}
    </section>
  );
}
