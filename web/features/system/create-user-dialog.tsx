import { Button, Select, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, role } from '../../../server/contracts/roles.ts';
import { createUserRequest } from '../../../server/contracts/users.ts';
import { ApiError } from '../../api/client.ts';
import { useUnits } from '../../api/units.ts';
import { useCreateUser } from '../../api/users.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import { PasswordField } from './password-field.tsx';

/** Makes an account for a person, with the role and, for a head, the unit. */
export default function CreateUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['system', 'common']);
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('user.create')}>
      <CreateUserForm onClose={onClose} />
    </FormDialog>
  );
}

function CreateUserForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['system', 'common']);
  const words = useErrorText();
  const units = useUnits();
  const create = useCreateUser();
  const [values, setValues] = useState({ name: '', username: '', password: '' });
  const [chosenRole, setRole] = useState<Role | null>(null);
  const [unitId, setUnitId] = useState<string | null>(null);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const error = (name: string) => (wrong.has(name) ? t(`invalid.${name}`) : undefined);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const parsed = createUserRequest.safeParse({
      ...values,
      role: chosenRole,
      unitId: chosenRole === 'unit_head' ? unitId : null,
    });
    const lacking = new Set(parsed.success ? [] : parsed.error.issues.map((issue) => String(issue.path[0])));
    // The rule about the unit is looked at only once every field by itself is right.
    if (chosenRole === 'unit_head' && unitId === null) lacking.add('unitId');
    setWrong(lacking);
    if (!parsed.success || lacking.size > 0 || create.isPending) return;
    create.mutate(parsed.data, {
      onSuccess: (user) => {
        toast({ kind: 'done', title: t('user.created', { name: user.name }), text: t('user.createdHint') });
        onClose();
      },
      onError: (refusal) => {
        if (!(refusal instanceof ApiError)) return;
        setWrong(new Set([...Object.keys(refusal.fields), ...(refusal.code === 'username_taken' ? ['taken'] : [])]));
      },
    });
  };

  return (
    <form className={page.form} onSubmit={submit} noValidate>
      <TextInput
        label={<FieldLabel label={t('user.name')} required />}
        value={values.name}
        maxLength={120}
        onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
        error={error('name')}
        data-autofocus
      />
      <TextInput
        label={<FieldLabel label={t('user.username')} hint={t('user.usernameHint')} required />}
        value={values.username}
        maxLength={64}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setValues({ ...values, username: event.currentTarget.value })}
        error={wrong.has('taken') ? t('common:error.username_taken') : error('username')}
      />
      <Select
        label={<FieldLabel label={t('user.role')} required />}
        data={role.options.map((one) => ({ value: one, label: t(`common:role.${one}`) }))}
        value={chosenRole}
        onChange={(value) => setRole(value as Role | null)}
        error={error('role')}
      />
      {chosenRole === 'unit_head' && (
        <Select
          label={<FieldLabel label={t('user.unit')} required />}
          data={units.data?.map((unit) => ({ value: unit.id, label: unit.name })) ?? []}
          value={unitId}
          onChange={setUnitId}
          searchable
          error={error('unitId')}
        />
      )}
      {chosenRole !== null && <p className={page.muted}>{t(`roleHint.${chosenRole}`)}</p>}
      <PasswordField
        label={t('user.password')}
        value={values.password}
        onChange={(password) => setValues({ ...values, password })}
        error={error('password')}
      />
      {create.error !== null && !wrong.has('taken') && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('user.notCreated')} alert>
          {words(create.error)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={create.isPending}>
          {t('user.submit')}
        </Button>
      </div>
    </form>
  );
}
