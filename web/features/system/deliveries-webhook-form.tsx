import { Button, Checkbox, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  createWebhookRequest,
  type Webhook,
  type WebhookKind,
  webhookKinds,
} from '../../../server/contracts/notices.ts';
import { useCreateWebhook, usePatchWebhook } from '../../api/notices.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import classes from './deliveries.module.css';

interface WebhookFormProps {
  /** Null makes a new one. */
  webhook: Webhook | null;
  onClose: () => void;
  onSecret: (secret: string) => void;
}

export function WebhookForm({ webhook, onClose, onSecret }: WebhookFormProps) {
  const { t } = useTranslation(['notices', 'common']);
  const words = useErrorText();
  const create = useCreateWebhook();
  const patch = usePatchWebhook();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [kinds, setKinds] = useState<WebhookKind[]>(webhook?.kinds ?? []);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const error = create.error ?? patch.error;

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const parsed = createWebhookRequest.safeParse({ name, url: url.trim(), kinds });
    setWrong(new Set(parsed.success ? [] : parsed.error.issues.map((issue) => String(issue.path[0]))));
    if (!parsed.success) return;
    if (webhook === null) {
      create.mutate(parsed.data, { onSuccess: ({ secret }) => onSecret(secret) });
    } else {
      patch.mutate(
        { id: webhook.id, ...parsed.data },
        {
          onSuccess: () => {
            toast({ kind: 'done', title: t('outbox.saved') });
            onClose();
          },
        },
      );
    }
  };

  return (
    <form className={page.form} noValidate onSubmit={submit}>
      <TextInput
        label={<FieldLabel label={t('outbox.name')} required />}
        value={name}
        maxLength={80}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        error={wrong.has('name') && t('outbox.wrongName')}
        data-autofocus
      />
      <TextInput
        type="url"
        label={<FieldLabel label={t('outbox.url')} hint={t('outbox.urlHint')} required />}
        value={url}
        maxLength={500}
        spellCheck={false}
        onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        error={wrong.has('url') && t('outbox.wrongUrl')}
      />
      <Checkbox.Group
        label={<FieldLabel label={t('outbox.kinds')} required />}
        value={kinds}
        onChange={(value) => setKinds(value as WebhookKind[])}
      >
        <div className={classes.kinds}>
          {webhookKinds.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`kinds.${kind}`)} />
          ))}
        </div>
      </Checkbox.Group>
      {wrong.has('kinds') && <FieldError>{t('outbox.wrongKinds')}</FieldError>}
      {error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('outbox.notSaved')} alert>
          {words(error)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={create.isPending || patch.isPending}>
          {t('outbox.save')}
        </Button>
      </div>
    </form>
  );
}

/** The secret, which is told here and never again. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation('notices');
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => toast({ kind: 'done', title: t('outbox.copied') }),
      // Where the browser refuses, the text can still be selected.
      () => {},
    );
  return (
    <div className={page.form}>
      <p className={page.muted}>{t('outbox.secretHint')}</p>
      <code className={classes.secret}>{secret}</code>
      <div className={page.buttons}>
        <Button
          variant="default"
          leftSection={<IconCopy size={18} stroke={1.8} aria-hidden />}
          onClick={() => void copy()}
        >
          {t('outbox.copy')}
        </Button>
        <Button onClick={onClose}>{t('outbox.done')}</Button>
      </div>
    </div>
  );
}
