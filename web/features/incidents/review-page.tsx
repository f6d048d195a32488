import { Button } from '@mantine/core';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { IncidentState } from '../../../server/contracts/incidents.ts';
import { useIncident } from '../../api/incidents.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { parseAddress, writeAddress } from './list-address.ts';
import classes from './review.module.css';
import { ReviewCase } from './review-case.tsx';
import { besideOf, type Decided, type Decision, nextOf, tally } from './review-policy.ts';
import { useList } from './use-list.ts';

const MOST = 200;
/** What there is to decide on by a key. */
const REVIEWED: readonly IncidentState[] = ['flagged', 'verifying'];

/** A queue by keys alone: the clip plays at once, a key decides, the next case is there. The queue stays as it was when it was opened. */
export default function ReviewPage() {
  const { t } = useTranslation(['queue', 'incidents']);
  const [params] = useSearchParams();
  const address = useMemo(() => parseAddress(params), [params]);
  const narrow = useMemo(() => {
    const chosen = REVIEWED.filter((state) => address.state.includes(state));
    return { state: chosen.length > 0 ? chosen : (['flagged'] as IncidentState[]), limit: MOST };
  }, [address]);
  const { query, items } = useList(address, narrow);
  const [queue, setQueue] = useState<readonly string[] | null>(null);
  const from = writeAddress(address).toString();
  const back = `${paths.incidents()}${from === '' ? '' : `?${from}`}`;
  const fresh = !query.isPlaceholderData;
  useEffect(() => {
    if (queue === null && items !== undefined && fresh) setQueue(items.map(({ id }) => id));
  }, [queue, items, fresh]);

  return (
    <div className={page.page}>
      <PageHeader title={t('incidents:title')} crumb={t('way.review')} />
      {queue === null ? (
        <div className={table.card}>
          {query.isError ? (
            <Problem error={query.error} onRetry={() => query.refetch()} />
          ) : (
            <Skeleton height={560} radius={8} />
          )}
        </div>
      ) : queue.length === 0 ? (
        <div className={table.card}>
          <EmptyState
            icon={IconCircleCheck}
            title={t('review.none')}
            hint={t('review.noneHint')}
            action={
              <Button component={Link} to={back} variant="default">
                {t('incidents:toList')}
              </Button>
            }
          />
        </div>
      ) : (
        <Queue ids={queue} back={back} from={from} />
      )}
    </div>
  );
}

function Queue({ ids, back, from }: { ids: readonly string[]; back: string; from: string }) {
  const { t } = useTranslation(['queue', 'incidents']);
  const [at, setAt] = useState<string | null>(ids[0] ?? null);
  const [decided, setDecided] = useState<Decided>({});
  const coming = at === null ? null : nextOf(ids, decided, at);
  const done = Object.keys(decided).length;
  if (at === null) return <Finished decided={decided} back={back} />;
  const decide = (decision: Decision) => {
    const next = { ...decided, [at]: decision };
    setDecided(next);
    setAt(nextOf(ids, next, at));
  };
  return (
    <>
      <div className={classes.head}>
        <Link className={classes.back} to={back}>
          <IconArrowLeft size={18} stroke={1.8} aria-hidden />
          {t('incidents:list')}
        </Link>
        <div
          className={classes.progress}
          role="progressbar"
          aria-label={t('review.progress')}
          aria-valuemin={0}
          aria-valuemax={ids.length}
          aria-valuenow={done}
        >
          <span style={{ width: `${(done / ids.length) * 100}%` }} />
        </div>
        <span role="status" data-testid="review-place">
          {t('review.place', { at: ids.indexOf(at) + 1, count: ids.length })} ·{' '}
          {t('review.left', { count: ids.length - done })}
        </span>
      </div>
      <Shown
        id={at}
        coming={coming}
        from={from}
        decided={decided[at]}
        onDecide={decide}
        onGo={(by) => setAt(besideOf(ids, at, by))}
      />
    </>
  );
}

interface ShownProps {
  id: string;
  /** The case that most likely follows: fetched beforehand. */
  coming: string | null;
  from: string;
  decided: Decision | undefined;
  onDecide: (decision: Decision) => void;
  onGo: (by: 1 | -1) => void;
}

function Shown({ id, coming, from, decided, onDecide, onGo }: ShownProps) {
  const asked = useIncident(id);
  const next = useIncident(coming ?? undefined).data;
  if (asked.data === undefined) {
    return asked.isError ? (
      <div className={table.card}>
        <Problem error={asked.error} onRetry={() => asked.refetch()} />
      </div>
    ) : (
      <Skeleton height={560} radius={8} />
    );
  }
  return (
    <ReviewCase
      incident={asked.data}
      next={next}
      from={from}
      decided={decided}
      onDecide={onDecide}
      onGo={onGo}
      onStale={() => void asked.refetch()}
    />
  );
}

function Finished({ decided, back }: { decided: Decided; back: string }) {
  const { t } = useTranslation(['queue', 'incidents']);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  const { verify, dismiss, mark_duplicate } = tally(decided);
  return (
    <div className={table.card} data-testid="review-finished">
      <EmptyState
        icon={IconCircleCheck}
        title={t('review.finished', { count: Object.keys(decided).length })}
        hint={t('review.tally', { verify, dismiss, duplicate: mark_duplicate })}
        action={
          <Button component={Link} to={back} ref={link}>
            {t('incidents:toList')}
          </Button>
        }
      />
    </div>
  );
}
