import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarContent, CalendarRow } from '../../../server/contracts/calendar.ts';
import { useRemoveCalendarRow, useSaveCalendarRow } from '../../api/calendar.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import { type Draft, draftOf, readDraft } from './calendar-draft.ts';
import { ExceptionFields, GraceFields, ScheduleFields } from './calendar-row-fields.tsx';

/** What is edited: a row, or a new one of a kind, maybe for a date. */
export interface Edited {
  kind: CalendarContent['kind'];
  row: CalendarRow | null;
  date?: string;
}

/** Enters, changes or takes out one row of the calendar. */
export default function CalendarRowDialog({ edited, onClose }: { edited: Edited | null; onClose: () => void }) {
  const { t } = useTranslation('calendar');
  // The words of the dialog that closes stay until it is gone.
  const [last, setLast] = useState(edited);
  if (edited !== null && edited !== last) setLast(edited);
  const title =
    last === null
      ? ''
      : t(`form.${last.row === null ? `new${last.kind.charAt(0).toUpperCase()}${last.kind.slice(1)}` : last.kind}`);
  return (
    <FormDialog opened={edited !== null} onClose={onClose} title={title}>
      {last !== null && <RowForm key={`${last.row?.id} ${last.date}`} edited={last} onClose={onClose} />}
    </FormDialog>
  );
}

function RowForm({ edited: { kind, row, date }, onClose }: { edited: Edited; onClose: () => void }) {
  const { t } = useTranslation(['calendar', 'common']);
  const save = useSaveCalendarRow();
  const [draft, setDraft] = useState<Draft>(() => draftOf(row?.content, date));
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const error = (field: string) =>
    wrong.has(field) ? t(`invalid.${field.startsWith('week.') ? 'hours' : field}`) : undefined;
  const fields = { draft, change, error };

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const { content, wrong: lacking } = readDraft(kind, draft);
    setWrong(lacking ?? new Set());
    if (content === null || save.isPending) return;
    save.mutate(
      { row, content },
      {
        onSuccess: () => {
          toast({ kind: 'done', title: t('form.saved'), text: t('form.savedHint') });
          onClose();
        },
      },
    );
  };

  return (
    <form className={page.form} onSubmit={submit} noValidate>
      {kind === 'exception' && <ExceptionFields {...fields} />}
      {kind === 'schedule' && <ScheduleFields {...fields} />}
      {kind === 'grace' && <GraceFields {...fields} />}
      <Refusal error={save.error} />
      <Buttons row={row} onClose={onClose}>
        <Button type="submit" loading={save.isPending}>
          {t('form.save')}
        </Button>
      </Buttons>
    </form>
  );
}

interface ButtonsProps {
  row: CalendarRow | null;
  onClose: () => void;
  /** The button that saves. */
  children: React.ReactNode;
}

/** What may be done with the row; taking it out is asked once more. */
function Buttons({ row, onClose, children }: ButtonsProps) {
  const { t } = useTranslation(['calendar', 'common']);
  const remove = useRemoveCalendarRow();
  const [asking, setAsking] = useState(false);
  const go = () => {
    if (row === null) return;
    remove.mutate(row, {
      onSuccess: () => {
        toast({ kind: 'done', title: t('form.removed'), text: t('form.savedHint') });
        onClose();
      },
    });
  };
  return (
    <>
      <Refusal error={remove.error} />
      {asking && <p role="status">{t('form.removeAsk')}</p>}
      <div className={page.buttons}>
        {row !== null && (
          <Button variant="default" loading={remove.isPending} onClick={asking ? go : () => setAsking(true)}>
            {t(asking ? 'form.removeYes' : 'form.remove')}
          </Button>
        )}
        <span className={page.grow} />
        <Button variant="default" onClick={asking ? () => setAsking(false) : onClose}>
          {t('common:cancel')}
        </Button>
        {!asking && children}
      </div>
    </>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation('calendar');
  const words = useErrorText();
  if (error === null) return null;
  return (
    <Notice icon={IconAlertTriangle} kind="fault" title={t('form.notSaved')} alert>
      {words(error)}
    </Notice>
  );
}
