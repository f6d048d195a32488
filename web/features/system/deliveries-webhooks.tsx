import { Button } from '@mantine/core';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconLock from '@tabler/icons-react/icons/IconLock';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconWebhook from '@tabler/icons-react/icons/IconWebhook';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '../../../server/contracts/notices.ts';
import { useDeleteWebhook, usePatchWebhook, useRenewSecret, useTestWebhook, useWebhooks } from '../../api/notices.ts';
import { Chip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { formatShort } from '../../components/time.ts';
import { toast } from '../../components/toast.tsx';
import classes from './deliveries.module.css';
import { SecretOnce, WebhookForm } from './deliveries-webhook-form.tsx';
import { useFailureText } from './deliveries-words.ts';

type Shown =
  | { what: 'form'; webhook: Webhook | null }
  | { what: 'secret'; secret: string }
  | { what: 'delete'; webhook: Webhook };

/** Addresses that are called with news. */
export function DeliveriesWebhooks() {
  const { t } = useTranslation('notices');
  const webhooks = useWebhooks();
  const [shown, setShown] = useState<Shown | null>(null);
  const close = () => setShown(null);
  const title =
    shown?.what === 'secret'
      ? t('outbox.secret')
      : shown?.what === 'delete'
        ? t('outbox.deleteTitle', { name: shown.webhook.name })
        : t(shown?.webhook == null ? 'outbox.addWebhook' : 'outbox.editWebhook');
  return (
    <>
      <section className={table.card} aria-label={t('outbox.webhooks')}>
        {webhooks.isPending && <SkeletonRows rows={3} />}
        {webhooks.isError && webhooks.data === undefined && (
          <Problem error={webhooks.error} onRetry={() => webhooks.refetch()} />
        )}
        {webhooks.data?.length === 0 && (
          <EmptyState icon={IconWebhook} title={t('outbox.noWebhooks')} hint={t('outbox.noWebhooksHint')} />
        )}
        {webhooks.data !== undefined && webhooks.data.length > 0 && (
          <ul className={classes.rows}>
            {webhooks.data.map((one) => (
              <WebhookRow key={one.id} webhook={one} show={setShown} />
            ))}
          </ul>
        )}
      </section>
      <div>
        <Button
          leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />}
          onClick={() => setShown({ what: 'form', webhook: null })}
        >
          {t('outbox.addWebhook')}
        </Button>
      </div>
      <FormDialog opened={shown !== null} onClose={close} title={title}>
        {shown?.what === 'form' && (
          <WebhookForm
            webhook={shown.webhook}
            onClose={close}
            onSecret={(secret) => setShown({ what: 'secret', secret })}
          />
        )}
        {shown?.what === 'secret' && <SecretOnce secret={shown.secret} onClose={close} />}
        {shown?.what === 'delete' && <DeleteForm webhook={shown.webhook} onClose={close} />}
      </FormDialog>
    </>
  );
}

function WebhookRow({ webhook, show }: { webhook: Webhook; show: (shown: Shown) => void }) {
  const { t } = useTranslation('notices');
  const words = useErrorText();
  const failureText = useFailureText();
  const test = useTestWebhook();
  const patch = usePatchWebhook();
  const renew = useRenewSecret();
  const { id, name, url, kinds, enabled, lastAtMs, lastOk } = webhook;
  const failed = (error: unknown) => toast({ kind: 'error', title: t('outbox.notSaved'), text: words(error) });
  const last =
    lastAtMs === null
      ? t('outbox.never')
      : t(lastOk ? 'outbox.lastOk' : 'outbox.lastBad', { time: formatShort(lastAtMs) });
  return (
    <li className={classes.row}>
      <span className={classes.grow}>
        <span className={table.main}>{name}</span>
        <span className={`${table.second} ${classes.wrap}`}>{url}</span>
        <span className={table.second}>{kinds.map((kind) => t(`kinds.${kind}`)).join(', ')}</span>
        <span className={table.second}>{last}</span>
      </span>
      <Chip tone={enabled ? 'good' : 'ended'} icon={enabled ? IconCircleCheck : IconLock}>
        {t(enabled ? 'outbox.on' : 'outbox.off')}
      </Chip>
      <Button
        variant="default"
        loading={test.isPending}
        onClick={() =>
          test.mutate(id, {
            onSuccess: ({ failure }) =>
              failure === null
                ? toast({ kind: 'done', title: t('outbox.testOk') })
                : toast({ kind: 'error', title: t('outbox.testBad'), text: failureText(failure) }),
            onError: failed,
          })
        }
      >
        {t('outbox.test')}
      </Button>
      <Button variant="default" onClick={() => show({ what: 'form', webhook })}>
        {t('outbox.edit')}
      </Button>
      <Button
        variant="default"
        loading={patch.isPending}
        onClick={() => patch.mutate({ id, enabled: !enabled }, { onError: failed })}
      >
        {t(enabled ? 'outbox.turnOff' : 'outbox.turnOn')}
      </Button>
      <Button
        variant="default"
        loading={renew.isPending}
        onClick={() =>
          renew.mutate(id, { onSuccess: ({ secret }) => show({ what: 'secret', secret }), onError: failed })
        }
      >
        {t('outbox.renew')}
      </Button>
      <Button variant="default" onClick={() => show({ what: 'delete', webhook })}>
        {t('outbox.delete')}
      </Button>
    </li>
  );
}

function DeleteForm({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation(['notices', 'common']);
  const words = useErrorText();
  const remove = useDeleteWebhook();
  return (
    <div className={page.form}>
      <p className={page.muted}>{t('outbox.deleteHint')}</p>
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(webhook.id, {
              onSuccess: onClose,
              onError: (error) => toast({ kind: 'error', title: t('outbox.notSaved'), text: words(error) }),
            })
          }
        >
          {t('outbox.delete')}
        </Button>
      </div>
    </div>
  );
}
