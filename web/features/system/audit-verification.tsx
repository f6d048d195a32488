import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconShieldCheck from '@tabler/icons-react/icons/IconShieldCheck';
import { useTranslation } from 'react-i18next';
import { useVerifyAudit } from '../../api/audit.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';

/** Lets the server walk the chain of hashes, and says what it found. */
export function AuditVerification() {
  const { t } = useTranslation('system');
  const lang = useLang();
  const words = useErrorText();
  const verify = useVerifyAudit();
  const result = verify.data;
  return (
    <section className={page.tools}>
      <Button
        variant="default"
        loading={verify.isPending}
        leftSection={<IconShieldCheck size={18} stroke={1.8} aria-hidden />}
        onClick={() => verify.mutate()}
      >
        {t('verify.start')}
      </Button>
      <div className={page.grow} role="status">
        {result === undefined && verify.error === null && <span className={page.muted}>{t('verify.hint')}</span>}
        {verify.error !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('verify.failed')}>
            {words(verify.error)}
          </Notice>
        )}
        {result?.ok === true && (
          <Notice icon={IconShieldCheck}>
            {t('verify.whole', { entries: formatNumber(result.entries, lang, 0) })}
          </Notice>
        )}
        {result?.ok === false && (
          <Notice
            icon={IconAlertTriangle}
            kind="fault"
            title={t('verify.broken', { seq: result.firstBroken ?? '?' })}
            alert
          >
            {t('verify.brokenHint')}
          </Notice>
        )}
      </div>
    </section>
  );
}
