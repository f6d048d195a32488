import { Button, Checkbox, Modal, Progress, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdviceCode, Inspection } from '../../../server/contracts/camera-onboarding.ts';
import { useFixDevice } from '../../api/camera-onboarding.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import page from '../../components/page.module.css';
import { FixAccount } from './device-changes.tsx';
import { type DiscoverySession, noteFixes } from './discovery-session.ts';
import wizard from './wizard.module.css';
import { fixable, fixesOf } from './wizard-policy.ts';

interface BulkFixDialogProps {
  opened: boolean;
  onClose: () => void;
  /** By the key of the device. */
  inspections: ReadonlyMap<string, Inspection>;
  session: DiscoverySession;
}

const AT_ONCE = 4;

/** Follows advice on many devices at once: says first what on how many, then what became of each. */
export default function BulkFixDialog({ opened, onClose, inspections, session }: BulkFixDialogProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const fix = useFixDevice();
  // What is worked on stays as it was when the dialog opened: what is mended is advised no more.
  const [chosen] = useState(() => [...inspections].filter(([, one]) => fixable(one).length > 0));
  const groups = fixesOf(chosen.map(([, one]) => one));
  const [left, setLeft] = useState<ReadonlySet<AdviceCode>>(new Set());
  const [ntp, setNtp] = useState('');
  const [done, setDone] = useState<number | null>(null);
  const [failed, setFailed] = useState<ReadonlyMap<string, unknown>>(new Map());
  const codesOf = (one: Inspection) => fixable(one).flatMap(({ code }) => (left.has(code) ? [] : [code]));
  const wanted = chosen.filter(([, one]) => codesOf(one).length > 0);
  const running = done !== null && done < wanted.length;

  const run = async () => {
    setDone(0);
    const queue = [...wanted];
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [key, one] = next;
        const codes = codesOf(one);
        const server = codes.includes('clock_wrong') && ntp.trim() !== '' ? { ntp: ntp.trim() } : {};
        try {
          noteFixes(key, (await fix.mutateAsync({ id: one.id, codes, ...server })).results);
        } catch (error) {
          setFailed((before) => new Map(before).set(key, error));
        }
        setDone((before) => (before ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('bulkFix.title', { count: wanted.length })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      closeOnClickOutside={!running}
    >
      <div className={page.form}>
        <p className={page.muted}>{t('bulkFix.text')}</p>
        {done === null ? (
          <>
            {groups.map(({ code, devices }) => (
              <Checkbox
                key={code}
                checked={!left.has(code)}
                label={t(`advice.${code}.fix`)}
                description={t('bulkFix.devices', { count: devices.length })}
                onChange={(event) => {
                  const next = new Set(left);
                  if (event.currentTarget.checked) next.delete(code);
                  else next.add(code);
                  setLeft(next);
                }}
              />
            ))}
            {groups.some(({ code }) => code === 'clock_wrong' && !left.has(code)) && (
              <TextInput
                label={<FieldLabel label={t('advice.ntp')} hint={t('advice.ntpHint')} />}
                placeholder="10.22.0.5"
                value={ntp}
                maxLength={253}
                spellCheck={false}
                onChange={(event) => setNtp(event.currentTarget.value)}
              />
            )}
          </>
        ) : (
          <>
            <Progress
              value={(done / Math.max(1, wanted.length)) * 100}
              aria-label={t('bulkFix.title', { count: wanted.length })}
            />
            <p className={page.muted} aria-live="polite">
              {t('bulkFix.progress', { done, count: wanted.length })}
            </p>
            <ul className={`${wizard.list} ${wizard.scroll}`}>
              {wanted.map(([key, one]) => {
                const results = session.fixes.get(key);
                return (
                  <li key={key}>
                    <b>{one.host}</b>
                    {failed.has(key) && <span>{words(failed.get(key))}</span>}
                    {results !== undefined && <FixAccount results={results} />}
                  </li>
                );
              })}
            </ul>
          </>
        )}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t(done === null ? 'common:cancel' : 'common:close')}
          </Button>
          {done === null && (
            <Button disabled={wanted.length === 0} onClick={() => void run()}>
              {t('bulkFix.submit', { count: wanted.length })}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
