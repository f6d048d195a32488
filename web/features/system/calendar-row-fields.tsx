import { Button, MultiSelect, Select, TextInput } from '@mantine/core';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Weekday, weekday } from '../../../server/contracts/calendar.ts';
import { unitKind } from '../../../server/contracts/units.ts';
import { useUnits } from '../../api/units.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import classes from './calendar.module.css';
import type { Draft } from './calendar-draft.ts';

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  error: (field: string) => string | undefined;
}

export function ExceptionFields({ draft, change, error }: FieldsProps) {
  const { t } = useTranslation('calendar');
  const types = (['off', 'half', 'swap', 'hours'] as const).map((value) => ({
    value,
    label: t(`form.typeOf.${value}`),
  }));
  const halves = (['morning', 'afternoon'] as const).map((value) => ({ value, label: t(`form.halfOf.${value}`) }));
  return (
    <>
      <NameField draft={draft} change={change} error={error} />
      <PeriodFields draft={draft} change={change} error={error} hint={t('form.dateHint')} required />
      <Select
        label={<FieldLabel label={t('form.type')} required />}
        data={types}
        value={draft.type}
        allowDeselect={false}
        onChange={(type) => type !== null && change({ type })}
      />
      {draft.type === 'half' && (
        <Choice label={t('form.half')}>
          <Segmented label={t('form.half')} options={halves} value={draft.half} onChange={(half) => change({ half })} />
        </Choice>
      )}
      {draft.type === 'swap' && (
        <Select
          label={<FieldLabel label={t('form.like')} required />}
          data={weekday.options.map((day) => ({ value: day, label: t(`weekdayName.${day}`) }))}
          value={draft.like}
          allowDeselect={false}
          onChange={(like) => like !== null && change({ like: like as Weekday })}
        />
      )}
      {draft.type === 'hours' && (
        <TextInput
          label={<FieldLabel label={t('hours')} hint={t('form.hoursHint')} required />}
          value={draft.hours}
          maxLength={120}
          onChange={(event) => change({ hours: event.currentTarget.value })}
          error={error('hours')}
        />
      )}
      <WhomField draft={draft} change={change} />
    </>
  );
}

export function ScheduleFields({ draft, change, error }: FieldsProps) {
  const { t } = useTranslation('calendar');
  const id = useId();
  const monday = () => {
    const { mon } = draft.week;
    change({ week: { ...draft.week, tue: mon, wed: mon, thu: mon, fri: mon } });
  };
  const lacking = error('week');
  return (
    <>
      <NameField draft={draft} change={change} error={error} />
      <PeriodFields draft={draft} change={change} error={error} hint={t('form.periodHint')} />
      <fieldset className={classes.fieldset}>
        <legend className={classes.legendTitle}>
          <FieldLabel label={t('hours')} hint={t('form.weekHint')} />
        </legend>
        <div className={classes.week}>
          {weekday.options.map((day) => [
            <label key={day} htmlFor={`${id}-${day}`}>
              {t(`weekdayName.${day}`)}
            </label>,
            <TextInput
              key={`${day} hours`}
              id={`${id}-${day}`}
              value={draft.week[day]}
              maxLength={120}
              onChange={(event) => change({ week: { ...draft.week, [day]: event.currentTarget.value } })}
              error={error(`week.${day}`)}
            />,
          ])}
          <div>
            <Button variant="default" leftSection={<IconCopy size={18} stroke={1.8} aria-hidden />} onClick={monday}>
              {t('form.copyMonday')}
            </Button>
          </div>
        </div>
        {lacking !== undefined && <FieldError>{lacking}</FieldError>}
      </fieldset>
      <WhomField draft={draft} change={change} />
    </>
  );
}

export function GraceFields({ draft, change, error }: FieldsProps) {
  const { t } = useTranslation('calendar');
  return (
    <>
      <TextInput
        label={<FieldLabel label={t('form.minutes')} hint={t('gracesHint')} required />}
        value={draft.minutes}
        inputMode="numeric"
        maxLength={3}
        onChange={(event) => change({ minutes: event.currentTarget.value })}
        error={error('minutes')}
        data-autofocus
      />
      <WhomField draft={draft} change={change} />
    </>
  );
}

function NameField({ draft, change, error }: FieldsProps) {
  const { t } = useTranslation('calendar');
  return (
    <TextInput
      label={<FieldLabel label={t('name')} required />}
      value={draft.name}
      maxLength={160}
      onChange={(event) => change({ name: event.currentTarget.value })}
      error={error('name')}
      data-autofocus
    />
  );
}

function PeriodFields({
  draft,
  change,
  error,
  hint,
  required = false,
}: FieldsProps & { hint: string; required?: boolean }) {
  const { t } = useTranslation('calendar');
  return (
    <div>
      <div className={page.pair}>
        <TextInput
          label={<FieldLabel label={t('form.from')} required={required} />}
          value={draft.from}
          maxLength={10}
          inputMode="numeric"
          onChange={(event) => change({ from: event.currentTarget.value })}
          error={error('from')}
        />
        <TextInput
          label={<FieldLabel label={t('form.to')} />}
          value={draft.to}
          maxLength={10}
          inputMode="numeric"
          onChange={(event) => change({ to: event.currentTarget.value })}
          error={error('to')}
        />
      </div>
      <p className={page.muted}>{hint}</p>
    </div>
  );
}

/** Kinds of units and single units in one list; with none the row is for all. */
function WhomField({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  const { t } = useTranslation('calendar');
  const units = useUnits();
  const known = new Set(units.data?.map(({ id }) => id));
  // A unit that is configured no more stays named until it is taken out.
  const gone = draft.unitIds.filter((id) => !known.has(id)).map((id) => ({ value: id, label: id }));
  const kindOf = (value: string) => unitKind.options.find((kind) => value === `kind:${kind}`);
  return (
    <MultiSelect
      label={<FieldLabel label={t('form.whom')} hint={t('form.whomHint')} />}
      placeholder={draft.unitIds.length + draft.kinds.length === 0 ? t('form.whomAll') : ''}
      data={[
        ...unitKind.options.map((kind) => ({ value: `kind:${kind}`, label: t(`unitKind.${kind}`) })),
        ...(units.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ...gone,
      ]}
      value={[...draft.kinds.map((kind) => `kind:${kind}`), ...draft.unitIds]}
      maxValues={200}
      searchable
      hidePickedOptions
      onChange={(values) =>
        change({
          kinds: values.flatMap((value) => kindOf(value) ?? []),
          unitIds: values.filter((value) => kindOf(value) === undefined),
        })
      }
    />
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <p className={classes.legendTitle} aria-hidden>
        {label}
      </p>
      {children}
    </div>
  );
}
