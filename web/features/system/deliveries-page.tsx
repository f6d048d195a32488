import { useTranslation } from 'react-i18next';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { useSearchState } from '../../components/use-search-state.ts';
import { DeliveriesMail } from './deliveries-mail.tsx';
import { DeliveriesTable } from './deliveries-table.tsx';
import { DeliveriesWebhooks } from './deliveries-webhooks.tsx';
import { SystemTabs } from './system-tabs.tsx';

const parts = ['deliveries', 'webhooks', 'mail'] as const;
type Part = (typeof parts)[number];

/** What leaves the house: deliveries with their failures, webhooks, and the mail of accounts. */
export default function DeliveriesPage() {
  const { t } = useTranslation('notices');
  const search = useSearchState();
  const asked = search.text('part') as Part;
  const part = parts.includes(asked) ? asked : 'deliveries';
  return (
    <div className={page.page}>
      <SystemTabs />
      <div className={page.tools}>
        <Segmented
          label={t('outbox.views')}
          options={parts.map((one) => ({ value: one, label: t(`outbox.${one}`) }))}
          value={part}
          onChange={(value) => search.set('part', value === 'deliveries' ? null : value)}
        />
      </div>
      {part === 'deliveries' && <DeliveriesTable />}
      {part === 'webhooks' && <DeliveriesWebhooks />}
      {part === 'mail' && <DeliveriesMail />}
    </div>
  );
}
