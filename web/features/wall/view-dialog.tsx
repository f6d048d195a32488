import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, role } from '../../../server/contracts/roles.ts';
import type { SavedView, ViewSharing } from '../../../server/contracts/views.ts';
import { useCreateView, useDeleteView, usePatchView } from '../../api/queries.ts';
import { useErrorText } from '../../components/error-text.ts';
import { toast } from '../../components/toast.tsx';
import { contentOf, type WallView } from './wall-view-policy.ts';

export type ViewDialogAsk = { kind: 'save' } | { kind: 'edit' | 'delete'; view: SavedView };

type Props = {
  ask: ViewDialogAsk;
  current: WallView;
  mayShare: boolean;
  onSaved: (view: SavedView) => void;
  onClose: () => void;
};

/** Roles that watch at all: nobody else has a wall. */
const watching: readonly Role[] = role.options.filter((each) => each !== 'admin' && each !== 'auditor');

/** Saves a view under a name, renames and shares it, or deletes it after asking. */
export default function ViewDialog({ ask, current, mayShare, onSaved, onClose }: Props) {
  const { t } = useTranslation('wall');
  const { t: common } = useTranslation();
  const words = useErrorText();
  const before = ask.kind === 'save' ? null : ask.view;
  const [name, setName] = useState(before?.name ?? '');
  const [shared, setShared] = useState(
    before?.sharing === 'role' && before.role ? `role:${before.role}` : (before?.sharing ?? 'own'),
  );
  const [missing, setMissing] = useState(false);
  const create = useCreateView();
  const patch = usePatchView();
  const remove = useDeleteView();
  const busy = create.isPending || patch.isPending || remove.isPending;
  const failure = create.error ?? patch.error ?? remove.error;

  const submit = () => {
    if (ask.kind === 'delete') {
      remove.mutate(ask.view.id, {
        onSuccess: () => {
          toast({ kind: 'done', title: t('views.deleted', { name: ask.view.name }) });
          onClose();
        },
      });
      return;
    }
    if (name.trim() === '') return setMissing(true);
    const onSuccess = (view: SavedView) => {
      toast({ kind: 'done', title: t('views.saved', { name: view.name }) });
      onSaved(view);
      onClose();
    };
    const [kind, forRole] = shared.split(':');
    const sharing = { sharing: kind as ViewSharing, role: (forRole as Role | undefined) ?? null };
    if (ask.kind === 'save') create.mutate({ name, ...contentOf(current), ...sharing }, { onSuccess });
    else patch.mutate({ id: ask.view.id, name, ...(mayShare && sharing) }, { onSuccess });
  };
  const title = ask.kind === 'save' ? t('views.save') : ask.kind === 'edit' ? t('views.edit') : t('views.delete');

  return (
    <Modal opened onClose={onClose} title={title} size={480} closeButtonProps={{ 'aria-label': common('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap={16}>
          {ask.kind === 'delete' ? (
            <p>{t(ask.view.sharing === 'own' ? 'views.deleteAsk' : 'views.deleteShared', { name: ask.view.name })}</p>
          ) : (
            <>
              <TextInput
                label={t('views.name')}
                data-autofocus
                maxLength={80}
                value={name}
                error={missing && t('views.nameMissing')}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                  setMissing(false);
                }}
              />
              {mayShare && (
                <Select
                  label={t('views.sharing')}
                  description={t('views.sharingHint')}
                  allowDeselect={false}
                  value={shared}
                  data={[
                    { value: 'own', label: t('views.share.own') },
                    { value: 'everyone', label: t('views.share.everyone') },
                    ...watching.map((each) => ({
                      value: `role:${each}`,
                      label: t('views.share.role', { role: common(`role.${each}`) }),
                    })),
                  ]}
                  onChange={(value) => value && setShared(value)}
                />
              )}
            </>
          )}
          {failure && <p role="alert">{words(failure)}</p>}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button
              type="submit"
              loading={busy}
              variant={ask.kind === 'delete' ? 'outline' : 'filled'}
              data-testid="view-submit"
            >
              {ask.kind === 'delete' ? t('views.delete') : t('views.saveShort')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
