import { Button, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconMailOff from '@tabler/icons-react/icons/IconMailOff';
import IconSend from '@tabler/icons-react/icons/IconSend';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { mailAddress, type userMail } from '../../../server/contracts/notices.ts';
import { useMailAddresses, useSetMailOf, useTestMail } from '../../api/notices.ts';
import { Chip } from '../../components/chip.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './deliveries.module.css';
import { useFailureText } from './deliveries-words.ts';

type UserMail = z.infer<typeof userMail>;

/** The mail server put to the test, and the addresses of accounts. */
export function DeliveriesMail() {
  const { t } = useTranslation(['notices', 'common']);
  const addresses = useMailAddresses();
  const [edited, setEdited] = useState<UserMail | null>(null);
  const offered = addresses.data?.mailOffered === true;
  return (
    <>
      {addresses.data !== undefined && !offered && (
        <Notice icon={IconMailOff} title={t('outbox.mailOff')}>
          {t('outbox.mailOffHint')}
        </Notice>
      )}
      {offered && <TestMail />}
      <section className={table.card} aria-labelledby="mail-addresses">
        <h2 className={classes.heading} id="mail-addresses">
          {t('outbox.addresses')}
        </h2>
        {addresses.isPending && <SkeletonRows rows={6} />}
        {addresses.isError && addresses.data === undefined && (
          <Problem error={addresses.error} onRetry={() => addresses.refetch()} />
        )}
        {addresses.data !== undefined && (
          <ul className={classes.rows}>
            {addresses.data.items.map((one) => (
              <li key={one.userId} className={classes.row}>
                <span className={classes.grow}>
                  <span className={table.main}>{one.name}</span>
                  <span className={table.second}>{t(`common:role.${one.role}`)}</span>
                </span>
                {one.mail === null ? (
                  <span className={page.muted}>{t('outbox.noAddress')}</span>
                ) : (
                  <>
                    <span className={classes.wrap}>{one.mail.address}</span>
                    <Chip
                      tone={one.mail.verified ? 'good' : 'other'}
                      icon={one.mail.verified ? IconCircleCheck : IconClock}
                    >
                      {t(one.mail.verified ? 'choose.verified' : 'choose.unverified')}
                    </Chip>
                  </>
                )}
                <Button
                  variant="default"
                  disabled={!offered}
                  aria-label={`${t('outbox.edit')}: ${t('outbox.editOf', { name: one.name })}`}
                  onClick={() => setEdited(one)}
                >
                  {t('outbox.edit')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <FormDialog
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={t('outbox.editOf', { name: edited?.name ?? '' })}
      >
        {edited !== null && <AddressForm of={edited} onClose={() => setEdited(null)} />}
      </FormDialog>
    </>
  );
}

function AddressForm({ of, onClose }: { of: UserMail; onClose: () => void }) {
  const { t } = useTranslation(['notices', 'common']);
  const words = useErrorText();
  const set = useSetMailOf();
  const [address, setAddress] = useState(of.mail?.address ?? '');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className={page.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const trimmed = address.trim();
        const fits = trimmed === '' || mailAddress.safeParse(trimmed).success;
        setWrong(!fits);
        if (!fits) return;
        set.mutate(
          { id: of.userId, address: trimmed },
          {
            onSuccess: () => {
              toast({
                kind: 'done',
                title: trimmed === '' ? t('outbox.addressRemoved') : t('outbox.addressSet', { address: trimmed }),
              });
              onClose();
            },
          },
        );
      }}
    >
      <TextInput
        type="email"
        label={t('choose.address')}
        value={address}
        maxLength={254}
        autoComplete="off"
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={wrong && t('choose.wrongAddress')}
        data-autofocus
      />
      <p className={page.muted}>{t('outbox.editHint')}</p>
      {set.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('choose.notSaved')} alert>
          {words(set.error)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={set.isPending}>
          {t('outbox.save')}
        </Button>
      </div>
    </form>
  );
}

function TestMail() {
  const { t } = useTranslation('notices');
  const words = useErrorText();
  const failureText = useFailureText();
  const test = useTestMail();
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState(false);
  const failure = test.data?.failure ?? null;
  return (
    <form
      className={`${table.card} ${classes.test}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const to = address.trim();
        const fits = mailAddress.safeParse(to).success;
        setWrong(!fits);
        if (!fits) return;
        test.mutate(to, {
          onSuccess: ({ ok }) => ok && toast({ kind: 'done', title: t('outbox.testDone', { address: to }) }),
        });
      }}
    >
      <h2 className={classes.title}>{t('outbox.testMail')}</h2>
      <p className={page.muted}>{t('outbox.testMailHint')}</p>
      <div className={classes.field}>
        <TextInput
          type="email"
          label={t('outbox.testTo')}
          value={address}
          maxLength={254}
          onChange={(event) => setAddress(event.currentTarget.value)}
          error={wrong && t('choose.wrongAddress')}
        />
        <Button type="submit" loading={test.isPending} leftSection={<IconSend size={18} stroke={1.8} aria-hidden />}>
          {t('outbox.testMail')}
        </Button>
      </div>
      {(failure !== null || test.error !== null) && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('outbox.testFailed')} alert>
          {failure === null ? words(test.error) : failureText(failure)}
        </Notice>
      )}
    </form>
  );
}
