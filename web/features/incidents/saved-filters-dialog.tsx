import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedFilter } from '../../../server/contracts/incident-work.ts';
import { useCreateSavedFilter, useDeleteSavedFilter, usePatchSavedFilter } from '../../api/incident-work.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';

export type FilterAsk = { kind: 'save' } | { kind: 'edit' | 'delete'; filter: SavedFilter };

interface DialogProps {
  ask: FilterAsk;
  /** What the list asks for now. */
  query: SavedFilter['query'];
  mayShare: boolean;
  onClose: () => void;
}

/** Saves, renames, shares or deletes a filter of the list. */
export function FilterDialog({ ask, query, mayShare, onClose }: DialogProps) {
  const { t } = useTranslation(['queue', 'common']);
  const words = useErrorText();
  const before = ask.kind === 'save' ? null : ask.filter;
  const [name, setName] = useState(before?.name ?? '');
  const [shared, setShared] = useState(before?.shared ?? false);
  const [tried, setTried] = useState(false);
  const create = useCreateSavedFilter();
  const patch = usePatchSavedFilter();
  const remove = useDeleteSavedFilter();
  const failure = create.error ?? patch.error ?? remove.error;
  const done = (title: string) => () => {
    toast({ kind: 'done', title });
    onClose();
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (ask.kind === 'delete') {
      remove.mutate(ask.filter.id, { onSuccess: done(t('saved.deleted', { name: ask.filter.name })) });
      return;
    }
    setTried(true);
    const given = name.trim();
    if (given === '') return;
    const onSuccess = done(t('saved.done', { name: given }));
    if (ask.kind === 'save') create.mutate({ name: given, query, shared }, { onSuccess });
    else patch.mutate({ id: ask.filter.id, name: given, ...(mayShare && { shared }) }, { onSuccess });
  };
  return (
    <FormDialog opened onClose={onClose} title={t(`saved.${ask.kind}`)}>
      <form className={page.form} onSubmit={submit} noValidate>
        {ask.kind === 'delete' ? (
          <p>{t(ask.filter.shared ? 'saved.deleteShared' : 'saved.deleteAsk', { name: ask.filter.name })}</p>
        ) : (
          <>
            <TextInput
              label={<FieldLabel label={t('saved.name')} required />}
              data-autofocus
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={tried && name.trim() === '' ? t('saved.nameMissing') : undefined}
            />
            {mayShare && (
              <Checkbox
                label={t('saved.share')}
                description={t('saved.shareHint')}
                checked={shared}
                onChange={(event) => setShared(event.currentTarget.checked)}
              />
            )}
          </>
        )}
        {failure !== null && <FieldError>{words(failure)}</FieldError>}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            type="submit"
            variant={ask.kind === 'delete' ? 'outline' : 'filled'}
            loading={create.isPending || patch.isPending || remove.isPending}
          >
            {t(ask.kind === 'delete' ? 'saved.delete' : 'common:save')}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
