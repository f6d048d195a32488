import { Button, Checkbox } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconPencil from '@tabler/icons-react/icons/IconPencil';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconUpload from '@tabler/icons-react/icons/IconUpload';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type CalendarException,
  type CalendarImportItem,
  calendarFileLimits,
} from '../../../server/contracts/calendar.ts';
import { useApplyCalendarImport, usePreviewCalendarImport } from '../../api/calendar.ts';
import { ApiError } from '../../api/client.ts';
import { useUnits } from '../../api/units.ts';
import { Chip, type ChipTone } from '../../components/chip.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './calendar.module.css';
import { formatPeriod } from './calendar-text.ts';
import { useCalendarWords } from './calendar-words.ts';

/** Reads an iCalendar file, shows row by row what it would do, and does it. */
export default function CalendarImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('calendar');
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('file.title')}>
      <ImportForm onClose={onClose} />
    </FormDialog>
  );
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['calendar', 'common']);
  const words = useErrorText();
  const preview = usePreviewCalendarImport();
  const apply = useApplyCalendarImport();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const input = useRef<HTMLInputElement>(null);
  const items = preview.data?.items ?? [];
  const taken = items.filter(({ action, key }) => action !== 'ignore' && !leftOut.has(key));
  const count = (action: CalendarImportItem['action']) => items.filter((item) => item.action === action).length;
  const stale = apply.error instanceof ApiError && apply.error.code === 'version_conflict';

  const read = async (picked: File | undefined) => {
    if (picked === undefined) return;
    preview.reset();
    apply.reset();
    setLeftOut(new Set());
    setTooLarge(picked.size > calendarFileLimits.bytes);
    if (picked.size > calendarFileLimits.bytes) return;
    const text = await picked.text();
    setFile({ name: picked.name, text });
    preview.mutate(text);
  };
  const toggle = (key: string) => {
    const next = new Set(leftOut);
    if (!next.delete(key)) next.add(key);
    setLeftOut(next);
  };
  const go = () => {
    if (file === null || preview.data === undefined) return;
    apply.mutate(
      { version: preview.data.version, text: file.text, leaveOut: [...leftOut] },
      {
        onSuccess: ({ added, changed }) => {
          toast({ kind: 'done', title: t('file.done'), text: t('file.doneHint', { added, changed }) });
          onClose();
        },
        onError: (refusal) => {
          if (refusal instanceof ApiError && refusal.code === 'version_conflict') preview.mutate(file.text);
        },
      },
    );
  };

  return (
    <div className={page.form}>
      <p className={page.muted}>{t('file.hint')}</p>
      <div className={page.tools}>
        <input
          ref={input}
          type="file"
          accept=".ics,text/calendar"
          className={classes.file}
          tabIndex={-1}
          aria-label={t('file.choose')}
          onChange={(event) => {
            void read(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <Button
          variant="default"
          loading={preview.isPending}
          leftSection={<IconUpload size={18} stroke={1.8} aria-hidden />}
          onClick={() => input.current?.click()}
          data-autofocus
        >
          {t(file === null ? 'file.choose' : 'file.other')}
        </Button>
        {file !== null && <span className={page.muted}>{file.name}</span>}
      </div>
      {(tooLarge || preview.error !== null) && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('file.notRead')} alert>
          {tooLarge ? t('file.tooLarge') : words(preview.error)}
        </Notice>
      )}
      {apply.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('file.notApplied')} alert>
          {stale ? t('file.conflict') : words(apply.error)}
        </Notice>
      )}
      {preview.data !== undefined && (
        <>
          <p role="status">
            {t('file.summary', { add: count('add'), change: count('change'), ignore: count('ignore') })}
          </p>
          {items.length > taken.length + leftOut.size && taken.length + leftOut.size === 0 && (
            <Notice icon={IconInfoCircle}>{t('file.nothing')}</Notice>
          )}
          {items.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
            <section className={classes.preview} aria-label={t('file.title')} tabIndex={0}>
              <ul>
                {items.map((item) => (
                  <PreviewRow key={item.key} item={item} taken={!leftOut.has(item.key)} onToggle={toggle} />
                ))}
              </ul>
            </section>
          )}
        </>
      )}
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button loading={apply.isPending} disabled={taken.length === 0 || preview.isPending} onClick={go}>
          {t('file.apply', { count: taken.length })}
        </Button>
      </div>
    </div>
  );
}

const LOOKS: Record<CalendarImportItem['action'], { tone: ChipTone; icon: Icon }> = {
  add: { tone: 'good', icon: IconPlus },
  change: { tone: 'mine', icon: IconPencil },
  ignore: { tone: 'ended', icon: IconMinus },
};

interface PreviewRowProps {
  item: CalendarImportItem;
  taken: boolean;
  onToggle: (key: string) => void;
}

function PreviewRow({ item, taken, onToggle }: PreviewRowProps) {
  const { t } = useTranslation('calendar');
  const units = useUnits();
  const words = useCalendarWords(units.data);
  const id = useId();
  const title = item.title === '' ? t('file.untitled') : item.title;
  const text = (content: CalendarException) =>
    [
      formatPeriod(content.period),
      t(`kind.${content.day.type === 'hours' ? 'own' : content.day.type}`),
      words.what(content),
      words.whom(content),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  const { tone, icon } = LOOKS[item.action];
  return (
    <li>
      {item.action === 'ignore' ? (
        <span />
      ) : (
        <Checkbox id={id} checked={taken} onChange={() => onToggle(item.key)} aria-label={t('file.take', { title })} />
      )}
      <label htmlFor={item.action === 'ignore' ? undefined : id}>
        <b>{title}</b>
        {item.content !== null && <span className={page.muted}> {text(item.content)}</span>}
        {item.before !== null && (
          <span className={page.muted}>
            {' '}
            ({t('file.before', { text: `${item.before.name}, ${text(item.before)}` })})
          </span>
        )}
        {item.reason !== null && <span className={page.muted}> · {t(`file.reason.${item.reason}`)}</span>}
      </label>
      <Chip tone={tone} icon={icon}>
        {t(`file.action.${item.action}`)}
      </Chip>
    </li>
  );
}
