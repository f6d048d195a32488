import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { useMentionable } from '../../api/incident-work.ts';
import { useMe } from '../../api/session.ts';

const NOBODY = '';

/** Whose work the case is to be. */
export function useAssignee(
  incident: Incident,
  enabled: boolean,
): { assigneeId: string | null; field: React.ReactNode } {
  const { t } = useTranslation(['incidents', 'common']);
  const me = useMe().data;
  const people = useMentionable(incident.id, { enabled }).data?.people ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const value = chosen ?? incident.assignee?.id ?? me?.id ?? NOBODY;
  const field = (
    <Select
      label={t('assign.to')}
      searchable
      openOnFocus={false}
      allowDeselect={false}
      data={[
        { value: NOBODY, label: t('assign.none') },
        ...people.map(({ userId, name, role }) => ({
          value: userId,
          label: `${userId === me?.id ? t('assign.me', { name }) : name} · ${t(`common:role.${role}`)}`,
        })),
      ]}
      value={value}
      onChange={(id) => setChosen(id ?? NOBODY)}
    />
  );
  return { assigneeId: value === NOBODY ? null : value, field };
}
