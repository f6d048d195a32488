import { Button } from '@mantine/core';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { ClipPlayer } from '../../player/clip-player.tsx';
import { decodable } from '../../player/decodable.ts';
import classes from './case-clip.module.css';

/** The footage of a case. When what was still being written has come, it is there at once, unless somebody is watching: then on a click. */
export function CaseClip({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents');
  const { pending } = incident.footage;
  const [shown, setShown] = useState({ attempt: 0, pending });
  const watched = useRef(false);
  const onMoment = useCallback(
    (atMs: number) => {
      watched.current = atMs > incident.fromMs;
    },
    [incident.fromMs],
  );
  const grown = shown.pending && !pending;
  const reload = useCallback(() => {
    watched.current = false;
    setShown(({ attempt }) => ({ attempt: attempt + 1, pending: false }));
  }, []);
  useEffect(() => {
    if (grown && !watched.current) reload();
  }, [grown, reload]);
  return (
    <div className={classes.clip} data-testid="case-clip">
      <ClipPlayer
        key={shown.attempt}
        src={decodable(mediaPaths.incidentClip(incident.id), null)}
        fromMs={incident.fromMs}
        toMs={incident.toMs}
        atMs={incident.atMs}
        poster={incident.still}
        onMoment={onMoment}
        onRetry={reload}
      />
      {grown && (
        <p className={classes.grown} role="status">
          {t('footage.completed')}
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={16} stroke={1.8} aria-hidden />}
            onClick={reload}
          >
            {t('footage.reload')}
          </Button>
        </p>
      )}
    </div>
  );
}
