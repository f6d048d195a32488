import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Notice } from '../../../server/contracts/notices.ts';
import { useReadNotices } from '../../api/notices.ts';
import { useCan } from '../../api/session.ts';
import { useCategories } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { formatDate, formatPercent, formatShort } from '../time.ts';
import { useLang } from '../use-lang.ts';
import { noticeIcons } from './notice-icons.ts';
import classes from './notice-item.module.css';
import { linkOf, titleKey } from './notice-policy.ts';

/** One notice: what, about whom, when. The whole of it leads to its subject, and reads it. */
export function NoticeItem({ notice, onOpen }: { notice: Notice; onOpen?: () => void }) {
  const { t } = useTranslation('notices');
  const read = useReadNotices();
  const manages = useCan('manage_system');
  const lines = useLines(notice);
  const Glyph = noticeIcons[notice.kind];
  const unread = notice.readAtMs === null;
  const title = t(titleKey(notice), {
    n: notice.count,
    number: notice.cases[0]?.number ?? '',
    camera: notice.cameras[0]?.name ?? '',
    date: formatDate(notice.atMs),
  });
  return (
    <li className={classes.item} data-unread={unread || undefined}>
      <Glyph className={classes.icon} size={20} stroke={1.8} aria-hidden />
      <div className={classes.words}>
        <Link
          className={classes.title}
          to={linkOf(notice, manages, paths)}
          onClick={() => {
            if (unread) read.mutate({ ids: [notice.id] });
            onOpen?.();
          }}
        >
          {title}
          {unread && <span className={classes.spoken}>, {t('unread')}</span>}
        </Link>
        {lines.map((line) => (
          <span key={line} className={classes.line}>
            {line}
          </span>
        ))}
      </div>
      <time className={classes.time} dateTime={new Date(notice.atMs).toISOString()}>
        {formatShort(notice.atMs)}
      </time>
    </li>
  );
}

/** What stands below the title. */
function useLines(notice: Notice): string[] {
  const { t, i18n } = useTranslation('notices');
  const lang = useLang();
  const categories = useCategories({ enabled: notice.cases.length > 0 }).data;
  const { digest, cases, cameras, count } = notice;
  if (digest !== null) {
    const { open, overdue, cameras: all, camerasDown: down, coveragePercent } = digest;
    const percent = coveragePercent === null ? null : formatPercent(coveragePercent / 100, lang);
    return [
      t('digest', { open, overdue, down, cameras: all }),
      ...(percent === null ? [] : [t('coverage', { percent })]),
    ];
  }
  if (count === 1 && cases[0] !== undefined) {
    const { category, unitName, cameraName, state, conclusion, dueAtMs } = cases[0];
    const name = categories?.find((one) => one.code === category)?.[lang] ?? '';
    const now = conclusion === null ? t(`common:incidentState.${state}`) : t(`common:conclusion.${conclusion}`);
    return [
      `${category} ${name} · ${unitName} · ${cameraName}`,
      dueAtMs === null ? now : `${now} · ${t('due', { time: formatShort(dueAtMs) })}`,
    ];
  }
  const trouble = (code: string | null) =>
    code === null ? '' : ` · ${i18n.exists(`notices:trouble.${code}`) ? t(`trouble.${code}`) : code}`;
  const named = [
    ...cases.map(({ number, unitName }) => `${number} · ${unitName}`),
    ...cameras.map((camera) =>
      count === 1
        ? `${camera.unitName}${trouble(camera.trouble)}`
        : `${camera.name} · ${camera.unitName}${trouble(camera.trouble)}`,
    ),
  ];
  const more = named.length > 0 ? count - named.length : 0;
  return more > 0 ? [...named, t('andMore', { n: more })] : named;
}
