import { Button, Select, Textarea } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconUserPlus from '@tabler/icons-react/icons/IconUserPlus';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AssignManyAnswer } from '../../../server/contracts/incident-work.ts';
import { useAssignMany, useIncidentPeople } from '../../api/incident-work.ts';
import { useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import page from '../../components/page.module.css';
import { useEver } from '../../components/use-ever.ts';
import classes from './bulk-assign.module.css';
import type { Selection } from './bulk-selection.ts';

const NOBODY = 'nobody';

/** What can be done with the rows that are ticked; nothing while none is. */
export function BulkBar({ selection }: { selection: Selection }) {
  const { t } = useTranslation('queue');
  const [opened, setOpened] = useState(false);
  const ever = useEver(opened);
  const count = selection.chosen.size;
  return (
    <>
      {count > 0 && (
        <div className={classes.bar} role="status">
          <b>{t('bulk.chosen', { count })}</b>
          <Button
            leftSection={<IconUserPlus size={18} stroke={1.8} aria-hidden />}
            onClick={() => setOpened(true)}
            data-testid="bulk-assign"
          >
            {t('bulk.assign')}
          </Button>
          <Button variant="subtle" onClick={selection.clear}>
            {t('bulk.clear')}
          </Button>
        </div>
      )}
      {ever && (
        <FormDialog opened={opened} onClose={() => setOpened(false)} title={t('bulk.title')}>
          <AssignForm selection={selection} onClose={() => setOpened(false)} />
        </FormDialog>
      )}
    </>
  );
}

function AssignForm({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const { t } = useTranslation(['queue', 'common']);
  const words = useErrorText();
  const me = useMe().data;
  const people = useIncidentPeople().data?.people ?? [];
  const send = useAssignMany();
  const [assigneeId, setAssigneeId] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [cases] = useState(() => [...selection.chosen.values()]);
  const nameOf = (id: string | null) => people.find(({ userId }) => userId === id)?.name ?? '';

  if (send.data !== undefined) {
    const toWhom = assigneeId === NOBODY ? null : nameOf(assigneeId);
    return <Result answer={send.data} cases={cases} toWhom={toWhom} onClose={onClose} />;
  }
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (assigneeId === null || reason.trim() === '') return;
    const items = cases.map(({ id, version }) => ({ id, version }));
    send.mutate(
      { items, assigneeId: assigneeId === NOBODY ? null : assigneeId, reason: reason.trim() },
      { onSuccess: selection.clear },
    );
  };
  return (
    <form className={page.form} onSubmit={submit} noValidate>
      <p className={page.muted}>{t('bulk.affected', { count: cases.length })}</p>
      <Select
        label={<FieldLabel label={t('bulk.to')} required />}
        data-autofocus
        searchable
        allowDeselect={false}
        data={[
          ...people.map(({ userId, name, role }) => ({
            value: userId,
            label: `${userId === me?.id ? t('person.me', { name }) : name} · ${t(`common:role.${role}`)}`,
          })),
          { value: NOBODY, label: t('bulk.nobody') },
        ]}
        value={assigneeId}
        onChange={setAssigneeId}
        error={tried && assigneeId === null ? t('bulk.toMissing') : undefined}
      />
      <Textarea
        label={<FieldLabel label={t('bulk.reason')} required />}
        autosize
        minRows={2}
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && reason.trim() === '' ? t('bulk.reasonMissing') : undefined}
      />
      {send.isError && <FieldError>{words(send.error)}</FieldError>}
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={send.isPending}>
          {t('bulk.submit', { count: cases.length })}
        </Button>
      </div>
    </form>
  );
}

interface ResultProps {
  answer: AssignManyAnswer;
  cases: readonly { id: string; number: string; unitName: string }[];
  /** Null when they were given to nobody. */
  toWhom: string | null;
  onClose: () => void;
}

/** For each case what became of it: those that were not assigned first. */
function Result({ answer, cases, toWhom, onClose }: ResultProps) {
  const { t, i18n } = useTranslation(['queue', 'common']);
  const done = answer.items.filter((item) => item.done).length;
  const why = (code: string | null) =>
    i18n.exists(`queue:bulk.refusal.${code}`) ? t(`bulk.refusal.${code}`) : t('bulk.refusal.other');
  return (
    <div className={page.form}>
      <p role="status">
        {toWhom === null
          ? t('bulk.doneNobody', { done, count: answer.items.length })
          : t('bulk.done', { done, count: answer.items.length, name: toWhom })}
      </p>
      <ul className={classes.results}>
        {[...answer.items]
          .sort((a, b) => Number(a.done) - Number(b.done))
          .map(({ id, done, refusal }) => {
            const incident = cases.find((one) => one.id === id);
            const Glyph = done ? IconCircleCheck : IconAlertTriangle;
            return (
              <li key={id} data-done={done || undefined}>
                <Glyph size={18} stroke={1.8} aria-hidden />
                <span>
                  <Link to={paths.incident(id)}>{incident?.number ?? id}</Link> · {incident?.unitName}
                  <span className={classes.why}>{done ? t('bulk.oneDone') : why(refusal)}</span>
                </span>
              </li>
            );
          })}
      </ul>
      <div className={page.buttons}>
        <Button onClick={onClose} data-autofocus>
          {t('common:close')}
        </Button>
      </div>
    </div>
  );
}
