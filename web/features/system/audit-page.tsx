import { Button } from '@mantine/core';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../server/contracts/audit.ts';
import { useAudit } from '../../api/audit.ts';
import { useCan } from '../../api/session.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FilterButton } from '../../components/filter-button.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { formatDateTime } from '../../components/time.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import { useActionWords } from './action-words.ts';
import { AuditVerification } from './audit-verification.tsx';
import classes from './system.module.css';
import { SystemTabs } from './system-tabs.tsx';

/** What was done, by whom, from where: newest first, page by page, and whether the log is whole. */
export default function AuditPage() {
  const { t } = useTranslation(['system', 'common']);
  const search = useSearchState();
  const action = search.text('action');
  const mayVerify = useCan('verify_audit');
  return (
    <div className={page.page}>
      <SystemTabs />
      {mayVerify && <AuditVerification />}
      {/* Another filter begins at its own first page. */}
      <AuditTable
        key={action}
        action={action}
        onAction={(value) => search.set('action', value)}
        label={t('audit.action')}
      />
    </div>
  );
}

interface AuditTableProps {
  action: string;
  onAction: (action: string | null) => void;
  label: string;
}

function AuditTable({ action, onAction, label }: AuditTableProps) {
  const { t } = useTranslation(['system', 'common']);
  const audit = useAudit(action === '' ? undefined : action);
  const { known, word } = useActionWords();
  const [at, setAt] = useState(0);
  const pages = audit.data?.pages ?? [];
  const shown = pages[at]?.items ?? [];
  const actions = [...new Set([...known, ...pages.flatMap((one) => one.items.map((entry) => entry.action))])];
  const next = async () => {
    if (at + 1 >= pages.length) await audit.fetchNextPage();
    setAt(at + 1);
  };

  return (
    <>
      <div className={page.tools}>
        <FilterButton
          label={label}
          options={actions.map((one) => ({ value: one, label: word(one) }))}
          value={action === '' ? [] : [action]}
          onChange={([picked]) => onAction(picked ?? null)}
          single
        />
      </div>
      <div className={table.card}>
        {audit.isPending && <SkeletonRows rows={10} />}
        {audit.isError && audit.data === undefined && <Problem error={audit.error} onRetry={() => audit.refetch()} />}
        {audit.data !== undefined && shown.length === 0 && <EmptyState icon={IconFilterOff} title={t('audit.empty')} />}
        {shown.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('audit.seq')}</th>
                <th>{t('audit.time')}</th>
                <th>{t('audit.actor')}</th>
                <th>{t('audit.action')}</th>
                <th>{t('audit.subject')}</th>
                <th>{t('audit.address')}</th>
                <th>
                  <span className={table.spoken}>{t('audit.details')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <AuditRow key={entry.seq} entry={entry} word={word} />
              ))}
            </tbody>
          </table>
        )}
        {shown.length > 0 && (
          <div className={table.foot}>
            <span className={page.grow}>{t('audit.range', { from: shown[0]?.seq, to: shown.at(-1)?.seq })}</span>
            <Button
              variant="default"
              disabled={at === 0}
              leftSection={<IconChevronLeft size={18} stroke={1.8} aria-hidden />}
              onClick={() => setAt(at - 1)}
            >
              {t('common:previous')}
            </Button>
            <Button
              variant="default"
              disabled={at + 1 >= pages.length && !audit.hasNextPage}
              loading={audit.isFetchingNextPage}
              rightSection={<IconChevronRight size={18} stroke={1.8} aria-hidden />}
              onClick={() => void next()}
            >
              {t('common:next')}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

function AuditRow({ entry, word }: { entry: AuditEntry; word: (action: string) => string }) {
  const { t, i18n } = useTranslation(['system', 'common']);
  const [open, setOpen] = useState(false);
  const role = `common:role.${entry.actorRole}`;
  return (
    <>
      <tr data-opens>
        <td className={table.wide}>{entry.seq}</td>
        <td className={classes.time}>
          <button type="button" className={table.open} aria-expanded={open} onClick={() => setOpen(!open)}>
            {formatDateTime(entry.atMs)}
          </button>
        </td>
        <td className={table.whole}>
          <span className={table.main}>{entry.actorName}</span>
          <span className={table.second}>{i18n.exists(role) ? t(role) : entry.actorRole}</span>
        </td>
        <td className={table.whole}>
          <span className={table.main}>{word(entry.action)}</span>
          {word(entry.action) !== entry.action && <span className={table.second}>{entry.action}</span>}
        </td>
        <td className={table.wide}>{entry.subject}</td>
        <td className={table.wide}>{entry.address}</td>
        <td className={table.wide}>
          <IconChevronDown className={table.arrow} size={18} stroke={1.8} aria-hidden />
        </td>
      </tr>
      {open && (
        <tr className={classes.more}>
          <td colSpan={7} className={table.whole}>
            <dl className={classes.details}>
              {[['subject', entry.subject] as const, ...Object.entries(entry.details)]
                .filter(([, value]) => value !== '')
                .map(([key, value]) => (
                  <div key={key}>
                    <dt>{key}</dt>
                    <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                  </div>
                ))}
            </dl>
            <p className={classes.hash}>
              {t('audit.hash')}: {entry.hash}
            </p>
          </td>
        </tr>
      )}
    </>
  );
}
