import { Button } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconMailX from '@tabler/icons-react/icons/IconMailX';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';
import {
  type Delivery,
  type DeliveryState,
  deliveryChannel,
  deliveryState,
} from '../../../server/contracts/notices.ts';
import { useDeliveries, useResendDelivery } from '../../api/notices.ts';
import { Chip, type ChipTone } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { FilterButton } from '../../components/filter-button.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { formatDateTime, formatShort } from '../../components/time.ts';
import { toast } from '../../components/toast.tsx';
import { useSearchState } from '../../components/use-search-state.ts';

const STATES: Record<DeliveryState, { tone: ChipTone; icon: Icon }> = {
  waiting: { tone: 'other', icon: IconClock },
  sent: { tone: 'good', icon: IconCircleCheck },
  dead: { tone: 'fault', icon: IconMailX },
  dropped: { tone: 'ended', icon: IconBan },
};

/** Mails and calls of webhooks, newest first: whither, whether, and why not. */
export function DeliveriesTable() {
  const { t } = useTranslation(['notices', 'common']);
  const search = useSearchState();
  const state = deliveryState.safeParse(search.text('state')).data;
  const channel = deliveryChannel.safeParse(search.text('channel')).data;
  const deliveries = useDeliveries({ ...(state && { state }), ...(channel && { channel }) });
  const items = deliveries.data?.pages.flatMap((one) => one.items) ?? [];
  const counts = deliveries.data?.pages[0]?.counts;
  const option = (one: DeliveryState) => ({
    value: one,
    label: `${t(`outbox.states.${one}`)}${counts === undefined ? '' : ` (${counts[one]})`}`,
  });
  return (
    <>
      <div className={page.tools}>
        <FilterButton
          label={t('outbox.state')}
          options={deliveryState.options.map(option)}
          value={state === undefined ? [] : [state]}
          onChange={([picked]) => search.set('state', picked ?? null)}
          single
        />
        <FilterButton
          label={t('outbox.channel')}
          options={deliveryChannel.options.map((one) => ({ value: one, label: t(`outbox.channels.${one}`) }))}
          value={channel === undefined ? [] : [channel]}
          onChange={([picked]) => search.set('channel', picked ?? null)}
          single
        />
      </div>
      <div className={table.card}>
        {deliveries.isPending && <SkeletonRows rows={8} />}
        {deliveries.isError && deliveries.data === undefined && (
          <Problem error={deliveries.error} onRetry={() => deliveries.refetch()} />
        )}
        {deliveries.data !== undefined && items.length === 0 && (
          <EmptyState
            icon={state === 'dead' ? IconCircleCheck : IconClock}
            title={t(state === 'dead' ? 'outbox.emptyDead' : 'outbox.empty')}
            hint={state === 'dead' ? t('outbox.emptyDeadHint') : undefined}
          />
        )}
        {items.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('outbox.to')}</th>
                <th>{t('outbox.kind')}</th>
                <th>{t('outbox.state')}</th>
                <th>{t('outbox.created')}</th>
                <th className={table.number}>{t('outbox.attempts')}</th>
                <th>{t('outbox.cause')}</th>
                <th>
                  <span className={table.spoken}>{t('outbox.resend')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <DeliveryRow key={one.id} delivery={one} />
              ))}
            </tbody>
          </table>
        )}
        {deliveries.hasNextPage && (
          <div className={table.foot}>
            <Button
              variant="default"
              loading={deliveries.isFetchingNextPage}
              onClick={() => void deliveries.fetchNextPage()}
            >
              {t('more')}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { t, i18n } = useTranslation('notices');
  const words = useErrorText();
  const resend = useResendDelivery();
  const { state, failure, nextAtMs, attempts } = delivery;
  const { tone, icon } = STATES[state];
  const cause = failure === null ? '' : `outbox.failures.${failure.code}`;
  return (
    <tr>
      <td className={table.whole}>
        <span className={table.main}>{delivery.to}</span>
        <span className={table.second}>{t(`outbox.channels.${delivery.channel}`)}</span>
      </td>
      <td className={table.wide}>{t(`kinds.${delivery.kind}`)}</td>
      <td>
        <Chip tone={tone} icon={icon}>
          {t(`outbox.states.${state}`)}
        </Chip>
      </td>
      <td>
        <span>{formatDateTime(delivery.createdAtMs)}</span>
        {nextAtMs !== null && attempts > 0 && (
          <span className={table.second}>{t('outbox.next', { time: formatShort(nextAtMs) })}</span>
        )}
      </td>
      <td className={`${table.number} ${table.wide}`}>{attempts}</td>
      <td className={table.whole}>
        {failure !== null && (
          <>
            <span>{i18n.exists(`notices:${cause}`) ? t(cause) : failure.code}</span>
            <span className={table.second}>{failure.detail}</span>
          </>
        )}
      </td>
      <td className={state === 'dead' ? table.whole : table.wide}>
        {state === 'dead' && (
          <Button
            variant="default"
            loading={resend.isPending}
            leftSection={<IconRefresh size={18} stroke={1.8} aria-hidden />}
            onClick={() =>
              resend.mutate(delivery.id, {
                onSuccess: () => toast({ kind: 'done', title: t('outbox.resent') }),
                onError: (error) => toast({ kind: 'error', title: t('outbox.notResent'), text: words(error) }),
              })
            }
          >
            {t('outbox.resend')}
          </Button>
        )}
      </td>
    </tr>
  );
}
