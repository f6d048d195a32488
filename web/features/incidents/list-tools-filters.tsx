import IconX from '@tabler/icons-react/icons/IconX';
import { useTranslation } from 'react-i18next';
import { useIncidentPeople } from '../../api/incident-work.ts';
import { useMe } from '../../api/session.ts';
import { FilterButton } from '../../components/filter-button.tsx';
import { formatDate } from '../../components/time.ts';
import type { ListAddress } from './list-address.ts';
import type { ToolsProps } from './list-tools.tsx';
import classes from './list-tools-filters.module.css';

const NOBODY = '-';

/** Whose work a case is, and who has to do with it. */
export function PeopleFilters({ address, onChange }: ToolsProps) {
  const { t } = useTranslation(['queue', 'common']);
  const me = useMe().data;
  const people = useIncidentPeople().data?.people ?? [];
  const others = people
    .filter(({ userId }) => userId !== me?.id)
    .map(({ userId, name, role }) => ({
      value: userId,
      label: name === t(`common:role.${role}`) ? name : `${name} · ${t(`common:role.${role}`)}`,
    }));
  const own = { value: 'me', label: t('person.meAlone') };
  const assignee = address.unassigned === 'true' ? NOBODY : address.assignee;
  return (
    <>
      {address.tab !== 'mine' && (
        <FilterButton
          single
          label={t('person.assignee')}
          options={[own, { value: NOBODY, label: t('person.nobody') }, ...others]}
          value={assignee === null ? [] : [assignee]}
          onChange={([id]) =>
            onChange({
              unassigned: id === NOBODY ? 'true' : null,
              assignee: id === undefined || id === NOBODY ? null : id,
            })
          }
        />
      )}
      <FilterButton
        single
        label={t('person.involved')}
        options={[own, ...others]}
        value={address.person === null ? [] : [address.person]}
        onChange={([id]) => onChange({ person: id ?? null })}
      />
    </>
  );
}

/** Filters that have no button: those of a number or a ready filter, each with a cross. */
export function OtherFilters({ address, onChange }: ToolsProps) {
  const { t } = useTranslation('queue');
  return useOtherFilters(address).map(({ key, words, without }) => (
    <span key={key} className={classes.chip}>
      {words}
      <button type="button" aria-label={t('chip.remove', { words })} onClick={() => onChange(without)}>
        <IconX size={16} stroke={1.8} aria-hidden />
      </button>
    </span>
  ));
}

interface OtherFilter {
  key: string;
  words: string;
  without: Partial<ListAddress>;
}

function useOtherFilters(address: ListAddress): OtherFilter[] {
  const { t } = useTranslation(['queue', 'common']);
  const span = (from: string | null, to: string | null) => {
    const first = from === null ? '' : formatDate(Number(from));
    const last = to === null ? '' : formatDate(Number(to) - 1);
    if (from === null) return t('chip.until', { last });
    if (to === null) return t('chip.since', { first });
    return first === last ? first : t('chip.span', { first, last });
  };
  const { camera, conclusion, violation, repeat, readAgain, left, office, term } = address;
  const all: (OtherFilter | false)[] = [
    address.watching !== null && { key: 'watching', words: t('quick.watching'), without: { watching: null } },
    address.mentioned !== null && { key: 'mentioned', words: t('quick.mentioned'), without: { mentioned: null } },
    repeat !== null && {
      key: 'repeat',
      words: t(repeat === 'true' ? 'quick.repeat' : 'chip.noRepeat'),
      without: { repeat: null },
    },
    camera.length > 0 && {
      key: 'camera',
      words: t('chip.camera', { cameras: camera.join(', ') }),
      without: { camera: [] },
    },
    conclusion.length > 0 && {
      key: 'conclusion',
      words: t('chip.conclusion', { what: conclusion.map((one) => t(`common:conclusion.${one}`)).join(', ') }),
      without: { conclusion: [] },
    },
    violation !== null && { key: 'violation', words: t(`chip.violation.${violation}`), without: { violation: null } },
    readAgain.length > 0 && {
      key: 'readAgain',
      words: t(`chip.readAgain.${readAgain.length === 1 ? readAgain[0] : 'any'}`),
      without: { readAgain: [] },
    },
    left !== null && {
      key: 'left',
      words: [
        t('chip.left', { state: t(`common:incidentState.${left}`) }),
        office === null ? '' : t(`common:role.${office}`),
        term === null ? '' : t(`chip.term.${term}`),
      ]
        .filter(Boolean)
        .join(' · '),
      without: { left: null, office: null, term: null },
    },
    (address.from !== null || address.to !== null) && {
      key: 'moment',
      words: t('chip.moment', { span: span(address.from, address.to) }),
      without: { from: null, to: null },
    },
    (address.createdFrom !== null || address.createdTo !== null) && {
      key: 'created',
      words: t('chip.created', { span: span(address.createdFrom, address.createdTo) }),
      without: { createdFrom: null, createdTo: null },
    },
    address.dueBefore !== null && {
      key: 'dueBefore',
      words: t('chip.dueBefore', { date: formatDate(Number(address.dueBefore)) }),
      without: { dueBefore: null },
    },
  ];
  return all.filter((one) => one !== false);
}
