import { Button, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Severity } from '../../../server/contracts/common.ts';
import { type Conclusion, conclusion as conclusions } from '../../../server/contracts/incidents.ts';
import type { SecondJudgement } from '../../../server/contracts/second-readings.ts';
import { ApiError } from '../../api/client.ts';
import { useJudgeBlindCase } from '../../api/second-readings.ts';
import { useMe } from '../../api/session.ts';
import { useCategories } from '../../api/units.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { useLang } from '../../components/use-lang.ts';
import { Choice } from './case-forms.tsx';
import { useKeptText } from './use-kept-text.ts';

interface FormProps {
  id: string;
  onJudged: (judgement: SecondJudgement) => void;
}

/** The judgement of the second reader: whether there is a violation, which, how grave, what should follow, and why. */
export function JudgementForm({ id, onJudged }: FormProps) {
  const { t, i18n } = useTranslation(['queue', 'incidents', 'common']);
  const lang = useLang();
  const words = useErrorText();
  const me = useMe().data;
  const categories = useCategories().data ?? [];
  const send = useJudgeBlindCase();
  const [violation, setViolation] = useState<boolean | null>(null);
  const [category, setCategory] = useState<string | null>(null);
  const [severity, setSeverity] = useState<Severity | null>(null);
  const [conclusion, setConclusion] = useState<Conclusion | null>(null);
  const [reason, setReason, forget] = useKeptText(`lienthong.second.${me?.id ?? ''}.${id}`);
  const [tried, setTried] = useState(false);
  const usual = categories.find(({ code }) => code === category)?.severity ?? null;
  const grave = severity ?? usual;
  const needsConclusion = violation === true && conclusion === null;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setTried(true);
    const incomplete = violation === null || category === null || grave === null || needsConclusion;
    if (incomplete || reason.trim() === '' || send.isPending) return;
    send.mutate(
      { id, violation, category, severity: grave, conclusion: violation ? conclusion : null, reason: reason.trim() },
      {
        onSuccess: (judgement) => {
          forget();
          onJudged(judgement);
        },
      },
    );
  };
  const code = send.error instanceof ApiError ? send.error.code : '';
  return (
    <form className={page.form} onSubmit={submit} noValidate>
      <Choice
        name="violation"
        label={t('second.violation')}
        error={tried && violation === null ? t('second.violationMissing') : undefined}
        options={['yes', 'no'] as const}
        word={(value) => t(`second.${value}`)}
        value={violation === null ? null : violation ? 'yes' : 'no'}
        onChange={(value) => setViolation(value === 'yes')}
      />
      <Select
        label={<FieldLabel label={t('incidents:filter.category')} required />}
        description={violation === false ? t('second.categoryHint') : undefined}
        searchable
        allowDeselect={false}
        data={categories.map((one) => ({ value: one.code, label: `${one.code} · ${one[lang]}` }))}
        value={category}
        onChange={(value) => {
          setCategory(value);
          setSeverity(null);
        }}
        error={tried && category === null ? t('second.categoryMissing') : undefined}
      />
      {grave !== null && (
        <Segmented
          label={t('incidents:filter.severity')}
          options={([1, 2, 3] as const).map((level) => ({
            value: String(level),
            label: t('common:severity.full', { level, word: t(`common:severity.${level}`) }),
          }))}
          value={String(grave)}
          onChange={(value) => setSeverity(Number(value) as Severity)}
        />
      )}
      {violation === true && (
        <Choice
          name="conclusion"
          label={t('second.conclusion')}
          error={tried && needsConclusion ? t('incidents:actions.kindMissing') : undefined}
          options={conclusions.options}
          word={(value) => t(`common:conclusion.${value}`)}
          value={conclusion}
          onChange={(value) => setConclusion(value)}
        />
      )}
      <Textarea
        label={<FieldLabel label={t('second.reason')} required />}
        autosize
        minRows={3}
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && reason.trim() === '' ? t('second.reasonMissing') : undefined}
      />
      {send.isError && (
        <FieldError>
          {i18n.exists(`queue:second.refusal.${code}`) ? t(`second.refusal.${code}`) : words(send.error)}
        </FieldError>
      )}
      <p className={page.muted}>{t('second.effect')}</p>
      <div className={page.buttons}>
        <Button type="submit" loading={send.isPending}>
          {t('second.submit')}
        </Button>
      </div>
    </form>
  );
}
