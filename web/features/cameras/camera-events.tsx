import { Button } from '@mantine/core';
import IconActivity from '@tabler/icons-react/icons/IconActivity';
import { useTranslation } from 'react-i18next';
import type { CameraEvent } from '../../../server/contracts/camera-events.ts';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useCameraEvents } from '../../api/camera-events.ts';
import page from '../../components/page.module.css';
import { formatShort, formatSince } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useFailureWords } from './device-words.ts';
import wizard from './wizard.module.css';

/** What a camera told of itself lately, and whether it is listened to; nothing while that is not switched on. */
export function CameraEvents({ camera }: { camera: Camera }) {
  const { t } = useTranslation(['cameras', 'common']);
  const failure = useFailureWords();
  const now = useNow(60_000);
  const on = camera.events === true;
  const events = useCameraEvents(camera.id, { enabled: on });
  if (camera.events === undefined) return null;
  const items = events.data?.pages.flatMap((one) => one.items) ?? [];
  const listening = events.data?.pages[0]?.listening;
  const state = !on
    ? t('events.off')
    : listening === undefined
      ? t('events.waiting')
      : t(`events.${listening.state}`, { time: formatSince(listening.sinceMs, now) });
  return (
    <section className={wizard.block}>
      <h3>{t('events.title')}</h3>
      <p className={page.muted}>
        {state}
        {listening !== undefined && listening.dropped > 0 && ` · ${t('events.dropped', { count: listening.dropped })}`}
      </p>
      {listening?.state === 'lost' && listening.cause !== null && (
        <p className={page.muted}>{failure(listening.cause)}</p>
      )}
      {on && events.data !== undefined && items.length === 0 && <p className={page.muted}>{t('events.none')}</p>}
      {items.length > 0 && (
        <ul className={`${wizard.list} ${wizard.scroll}`} aria-label={t('events.recent')}>
          {items.map((event) => (
            <Row key={event.id} event={event} />
          ))}
        </ul>
      )}
      {events.hasNextPage && (
        <Button
          className={wizard.mend}
          variant="default"
          loading={events.isFetchingNextPage}
          onClick={() => void events.fetchNextPage()}
        >
          {t('events.more')}
        </Button>
      )}
    </section>
  );
}

function Row({ event }: { event: CameraEvent }) {
  const { t } = useTranslation(['cameras', 'common']);
  const times = { from: formatShort(event.fromMs), to: formatShort(event.toMs ?? event.fromMs) };
  const when = event.toMs === null ? 'ongoing' : event.toMs === event.fromMs ? 'at' : 'span';
  return (
    <li>
      <span className={wizard.fact}>
        <IconActivity size={16} stroke={1.8} aria-hidden />
        <b>{t(`common:cameraEvent.${event.kind}`)}</b>
        {event.source}
      </span>
      <span className={page.muted}>{t(`events.${when}`, times)}</span>
    </li>
  );
}
