import { useEffect, useMemo } from 'react';
import { useCameraHealth } from '../../api/camera-health.ts';
import { useCameras } from '../../api/cameras.ts';
import { useIncidents } from '../../api/incidents.ts';
import { useUnits } from '../../api/units.ts';
import { withPictures } from '../../components/camera-condition.ts';
import { DAY_MS, startOfDay } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { mattersOf, unitCards } from './overview-policy.ts';

/** Open cases are few beside all cases; beyond this many the split by severity is left out rather than guessed. */
const MOST_PAGES = 10;
const OPEN = { open: true, sort: 'due' as const, limit: 200 };

/** What the overview shows, from the units, the cameras and every open case. */
export function useOverview() {
  const now = useNow(60_000);
  const units = useUnits();
  const cameras = useCameras();
  // Not waited for: it only adds to what the cameras say of themselves.
  const health = useCameraHealth().data;
  const incidents = useIncidents(OPEN);
  const pages = incidents.data?.pages;
  const { hasNextPage, isFetching, fetchNextPage } = incidents;
  useEffect(() => {
    if (hasNextPage && !isFetching && (pages?.length ?? 0) < MOST_PAGES) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, pages?.length]);

  const view = useMemo(() => {
    if (units.data === undefined || cameras.data === undefined || pages === undefined) return undefined;
    const open = pages.flatMap((page) => page.items);
    const { cards, unconnected } = unitCards(units.data, withPictures(cameras.data, health), open, now);
    const endOfDayMs = startOfDay(now) + DAY_MS;
    return {
      open,
      cards,
      unconnected,
      matters: mattersOf(cards, open, { nowMs: now, endOfDayMs }),
      counts: pages[0]?.counts ?? { open: 0, overdue: 0, concluded: 0, all: 0 },
      complete: !hasNextPage,
      now,
      endOfDayMs,
    };
  }, [units.data, cameras.data, health, pages, hasNextPage, now]);

  const failed = [units, cameras, incidents].find((query) => query.isError && query.data === undefined);
  return {
    view,
    error: failed?.error ?? null,
    retry: () => {
      for (const query of [units, cameras, incidents]) if (query.isError) void query.refetch();
    },
  };
}

export type OverviewView = NonNullable<ReturnType<typeof useOverview>['view']>;
