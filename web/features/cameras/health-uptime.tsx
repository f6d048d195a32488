import { useTranslation } from 'react-i18next';
import type { UptimeDay } from '../../../server/contracts/camera-health.ts';
import page from '../../components/page.module.css';
import { formatPercent } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './health.module.css';
import { barOf, dayText, shareOf } from './health-uptime-policy.ts';

const SHOWN_DAYS = 30;
const KINDS = ['good', 'spoilt', 'missing', 'off'] as const;

/** The last 30 days as a strip: what was recorded with a good picture, what with a bad one, and what is missing. */
export function HealthUptime({ days }: { days: readonly UptimeDay[] }) {
  const { t } = useTranslation('health');
  const lang = useLang();
  const share = shareOf(days);
  const percent = (part: number) => formatPercent(part, lang);
  // Days before the camera was there keep their place, so that every camera's strip is read alike.
  const before = Math.max(0, SHOWN_DAYS - days.length);
  return (
    <div className={classes.block}>
      <h4 id="camera-uptime">{t('uptime.title')}</h4>
      <p className={page.muted}>
        {share === null
          ? t('uptime.none')
          : t('uptime.share', { good: percent(share.good), recorded: percent(share.recorded) })}
      </p>
      <ul className={classes.strip} aria-labelledby="camera-uptime">
        {Array.from({ length: before }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the places are alike
          <li key={at} className={classes.day} data-empty aria-hidden />
        ))}
        {days.map((one) => {
          const bar = barOf(one);
          const words = bar.off
            ? t('uptime.dayOff', { day: dayText(one.day) })
            : t('uptime.day', {
                day: dayText(one.day),
                good: percent(bar.good),
                recorded: percent(bar.good + bar.spoilt),
              });
          return (
            <li key={one.day} className={classes.day} data-off={bar.off || undefined} title={words}>
              <span className={classes.spoken}>{words}</span>
              {!bar.off && (
                <>
                  <span className={classes.piece} data-kind="missing" style={{ flexGrow: bar.missing }} />
                  <span className={classes.piece} data-kind="spoilt" style={{ flexGrow: bar.spoilt }} />
                  <span className={classes.piece} data-kind="good" style={{ flexGrow: bar.good }} />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <ul className={classes.legend} aria-hidden>
        {KINDS.map((kind) => (
          <li key={kind}>
            <span className={classes.key} data-kind={kind} />
            {t(`uptime.${kind}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
