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
import classes from './calendar.module.css';
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
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('form.save')}
        </Button>
      </div>
      {row !== null && <Removal row={row} onDone={onClose} />}
    </form>
  );
}

/** Asks once more before it takes the row out. */
function Removal({ row, onDone }: { row: CalendarRow; onDone: () => void }) {
  const { t } = useTranslation(['calendar', 'common']);
  const remove = useRemoveCalendarRow();
  const [asking, setAsking] = useState(false);
  const go = () =>
    remove.mutate(row, {
      onSuccess: () => {
        toast({ kind: 'done', title: t('form.removed'), text: t('form.savedHint') });
        onDone();
      },
    });
  return (
    <>
      <Refusal error={remove.error} />
      <div className={classes.removal}>
        <p className={page.muted}>{asking && t('form.removeAsk')}</p>
        <Button variant="default" loading={remove.isPending} onClick={asking ? go : () => setAsking(true)}>
          {t(asking ? 'form.removeYes' : 'form.remove')}
        </Button>
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
