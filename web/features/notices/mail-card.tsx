import { Button, Select, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconMailOff from '@tabler/icons-react/icons/IconMailOff';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import {
  mailAddress,
  type NoticeLanguage,
  type NoticeSettings,
  verifyMailRequest,
} from '../../../server/contracts/notices.ts';
import { usePatchNoticeSettings, useRemoveMail, useResendCode, useSetMail, useVerifyMail } from '../../api/notices.ts';
import { Chip } from '../../components/chip.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './notice-settings.module.css';

/** The person's mail address: set, confirmed by its code, removed. */
export function MailCard({ settings }: { settings: NoticeSettings }) {
  const { t } = useTranslation('notices');
  const words = useErrorText();
  const remove = useRemoveMail();
  const patch = usePatchNoticeSettings();
  const { mail, mailOffered, language } = settings;
  const failed = (error: unknown) => toast({ kind: 'error', title: t('choose.notSaved'), text: words(error) });
  return (
    <section className={classes.card} aria-labelledby="notice-mail">
      <h2 className={classes.heading} id="notice-mail">
        {t('choose.address')}
      </h2>
      {!mailOffered && <Notice icon={IconMailOff}>{t('choose.mailOff')}</Notice>}
      {mail !== null && (
        <div className={classes.line}>
          <span className={classes.address}>{mail.address}</span>
          <Chip tone={mail.verified ? 'good' : 'other'} icon={mail.verified ? IconCircleCheck : IconClock}>
            {t(mail.verified ? 'choose.verified' : 'choose.unverified')}
          </Chip>
          <span className={page.grow} />
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(undefined, {
                onSuccess: () => toast({ kind: 'done', title: t('choose.removed') }),
                onError: failed,
              })
            }
          >
            {t('choose.remove')}
          </Button>
        </div>
      )}
      {mailOffered && mail !== null && !mail.verified && <CodeForm address={mail.address} />}
      {mailOffered && mail === null && <AddressForm />}
      {mailOffered && (
        <Select
          label={t('choose.language')}
          data={[
            { value: 'vi', label: t('common:language.vi') },
            { value: 'en', label: t('common:language.en') },
          ]}
          value={language}
          allowDeselect={false}
          onChange={(value) => patch.mutate({ language: value as NoticeLanguage }, { onError: failed })}
        />
      )}
    </section>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation('notices');
  const words = useErrorText();
  if (error === null) return null;
  return (
    <Notice icon={IconAlertTriangle} kind="fault" title={t('choose.notSaved')} alert>
      {words(error)}
    </Notice>
  );
}

function AddressForm() {
  const { t } = useTranslation('notices');
  const set = useSetMail();
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className={page.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const fits = mailAddress.safeParse(address.trim()).success;
        setWrong(!fits);
        if (!fits) return;
        set.mutate(address.trim(), {
          onSuccess: () => toast({ kind: 'done', title: t('choose.codeSent', { address: address.trim() }) }),
        });
      }}
    >
      <TextInput
        type="email"
        label={t('choose.address')}
        value={address}
        maxLength={254}
        autoComplete="email"
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={wrong && t('choose.wrongAddress')}
      />
      <p className={page.muted}>{t('choose.addressHint')}</p>
      <Refusal error={set.error} />
      <div className={page.buttons}>
        <Button type="submit" loading={set.isPending}>
          {t('choose.setAddress')}
        </Button>
      </div>
    </form>
  );
}

function CodeForm({ address }: { address: string }) {
  const { t } = useTranslation('notices');
  const verify = useVerifyMail();
  const resend = useResendCode();
  // The link in the mail brings the code along; sending it stays with the person.
  const [search] = useSearchParams();
  const [code, setCode] = useState(search.get('code')?.slice(0, 8) ?? '');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className={page.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const parsed = verifyMailRequest.safeParse({ code });
        setWrong(!parsed.success);
        if (!parsed.success) return;
        verify.mutate(parsed.data.code, {
          onSuccess: () => toast({ kind: 'done', title: t('choose.confirmed') }),
        });
      }}
    >
      <TextInput
        label={<FieldLabel label={t('choose.code')} hint={t('choose.codeHint')} />}
        value={code}
        maxLength={8}
        inputMode="numeric"
        autoComplete="one-time-code"
        onChange={(event) => setCode(event.currentTarget.value)}
        error={wrong && t('choose.wrongCode')}
      />
      <Refusal error={verify.error ?? resend.error} />
      <div className={page.buttons}>
        <Button
          variant="default"
          loading={resend.isPending}
          onClick={() =>
            resend.mutate(undefined, {
              onSuccess: () => toast({ kind: 'done', title: t('choose.codeSent', { address }) }),
            })
          }
        >
          {t('choose.resend')}
        </Button>
        <Button type="submit" loading={verify.isPending}>
          {t('choose.confirm')}
        </Button>
      </div>
    </form>
  );
}
