import { Button } from '@mantine/core';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { mediaPaths } from '../../../server/contracts/media.ts';
import type { BlindCase, SecondJudgement } from '../../../server/contracts/second-readings.ts';
import { ApiError } from '../../api/client.ts';
import { blindAttachmentPath, useBlindCase } from '../../api/second-readings.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Problem } from '../../components/problem.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { formatDateTime, formatTime } from '../../components/time.ts';
import { decodable } from '../../player/decodable.ts';
import { FileList } from './case-file-list.tsx';
import { MarkedStretches } from './case-stretches.tsx';
import classes from './second-reading.module.css';
import { JudgementForm } from './second-reading-form.tsx';

const ClipPlayer = lazy(async () => ({ default: (await import('../../player/clip-player.tsx')).ClipPlayer }));

/** One blind case: what happened and what was said, without number, people, comments and decision; then the judgement. */
export function BlindReading({ id, onJudged }: { id: string; onJudged: (judgement: SecondJudgement) => void }) {
  const { t, i18n } = useTranslation('queue');
  const asked = useBlindCase(id);
  const blind = asked.data;
  if (blind === undefined) {
    if (asked.isPending) {
      return (
        <div className={classes.reading} aria-busy="true">
          <Skeleton height={420} radius={8} />
          <Skeleton height={420} radius={8} />
        </div>
      );
    }
    const code = asked.error instanceof ApiError ? asked.error.code : '';
    return (
      <section className={classes.card}>
        {i18n.exists(`queue:second.refusal.${code}`) ? (
          <EmptyState
            icon={IconEyeOff}
            title={t(`second.refusal.${code}`)}
            hint={t(`second.refusalHint.${code}`)}
            action={
              <Button component={Link} to={paths.secondReadings} variant="default">
                {t('second.toQueue')}
              </Button>
            }
          />
        ) : (
          <Problem error={asked.error} onRetry={() => asked.refetch()} />
        )}
      </section>
    );
  }
  return (
    <div className={classes.reading}>
      <div className={classes.column}>
        <Suspense fallback={<Skeleton height={380} radius={8} />}>
          <ClipPlayer
            src={decodable(mediaPaths.vod(blind.cameraId, 'main', blind.fromMs, blind.toMs), null)}
            fromMs={blind.fromMs}
            toMs={blind.toMs}
            atMs={blind.atMs}
          />
        </Suspense>
        <Talk blind={blind} />
      </div>
      <div className={classes.column}>
        <section className={classes.card} aria-labelledby="second-judge">
          <h2 id="second-judge">{t('second.judge')}</h2>
          <p className={classes.hidden}>
            <IconEyeOff size={16} stroke={1.8} aria-hidden />
            {t('second.hidden')}
          </p>
          <JudgementForm id={id} onJudged={onJudged} />
        </section>
      </div>
    </div>
  );
}

function Talk({ blind }: { blind: BlindCase }) {
  const { t } = useTranslation(['queue', 'incidents']);
  return (
    <section className={classes.card} aria-labelledby="second-talk">
      <h2 id="second-talk">
        {blind.unitName}, {blind.cameraName}
      </h2>
      <p className={classes.muted}>
        {formatDateTime(blind.fromMs)} – {formatTime(blind.toMs)}
      </p>
      <dl className={classes.talk}>
        <dt>{t('incidents:answer.finding')}</dt>
        <dd>{blind.finding}</dd>
        <dt>{t('incidents:answer.question')}</dt>
        <dd>{blind.question}</dd>
        {blind.explanations.map(({ atMs, text, stretches, attachments }) => (
          <div key={atMs}>
            <dt>{t('second.answer', { time: formatDateTime(atMs) })}</dt>
            <dd>
              {text}
              {attachments.length > 0 && (
                <FileList files={attachments} hrefOf={(file) => blindAttachmentPath(blind.id, file)} />
              )}
              {stretches.length > 0 && <MarkedStretches stretches={stretches} playable />}
            </dd>
          </div>
        ))}
        {blind.explanations.length === 0 && (
          <div>
            <dt>{t('incidents:answer.title')}</dt>
            <dd>{t('second.noAnswer')}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
