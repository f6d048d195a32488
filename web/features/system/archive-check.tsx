import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconPlayerStop from '@tabler/icons-react/icons/IconPlayerStop';
import IconShieldCheck from '@tabler/icons-react/icons/IconShieldCheck';
import { useTranslation } from 'react-i18next';
import type { ArchiveState } from '../../../server/contracts/archive.ts';
import type { SelfCheck } from '../../../server/contracts/health.ts';
import { useArchiveCheck } from '../../api/archive.ts';
import { useCan } from '../../api/session.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { useSpanText } from '../../components/span-text.ts';
import { formatBytes, formatNumber, formatPercent, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './archive.module.css';
import { checkProgress, harmIn } from './archive-policy.ts';

const MOST_EXAMPLES = 5;

/** What the last self-check found, and the one that is under way. */
export function ArchiveCheck({ archive }: { archive: ArchiveState }) {
  const { t } = useTranslation('system');
  const manages = useCan('manage_system');
  const words = useErrorText();
  const check = useArchiveCheck();
  const { selfCheck, selfCheckProgress: progress } = archive;
  const button = (method: 'POST' | 'DELETE', label: string, Glyph: typeof IconShieldCheck) => (
    <Button
      variant="default"
      loading={check.isPending}
      leftSection={<Glyph size={18} stroke={1.8} aria-hidden />}
      onClick={() => check.mutate(method)}
    >
      {label}
    </Button>
  );
  return (
    <section className={classes.card} aria-labelledby="archive-check">
      <header className={classes.head}>
        <h2 id="archive-check">{t('archive.check.title')}</h2>
        {manages &&
          (progress === null
            ? button('POST', t('archive.check.start'), IconShieldCheck)
            : button('DELETE', t('archive.check.stop'), IconPlayerStop))}
      </header>
      <p className={page.muted}>{t('archive.check.nightly')}</p>
      {check.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('archive.check.notStarted')} alert>
          {words(check.error)}
        </Notice>
      )}
      {progress !== null && <Progress progress={progress} nowMs={archive.atMs} />}
      {selfCheck === null ? (
        progress === null && <p>{t('archive.check.never')}</p>
      ) : (
        <Result result={selfCheck} nowMs={archive.atMs} />
      )}
    </section>
  );
}

function Progress({ progress, nowMs }: { progress: NonNullable<ArchiveState['selfCheckProgress']>; nowMs: number }) {
  const { t } = useTranslation('system');
  const lang = useLang();
  const span = useSpanText();
  const { share, leftMs } = checkProgress(progress, nowMs);
  const facts = [
    t('archive.check.progress', {
      looked: formatNumber(progress.lookedAt, lang, 0),
      read: formatBytes(progress.readBytes, lang),
      all: formatBytes(progress.toReadBytes, lang),
    }),
    leftMs === null ? null : t('archive.check.left', { time: span(leftMs) }),
  ];
  return (
    <div className={classes.progress}>
      <p>
        <b>{t('archive.check.running')}</b> · {formatPercent(share, lang, 0)}
      </p>
      <progress className={classes.meter} value={share} max={1} aria-label={t('archive.check.bar')} />
      <p className={page.muted}>{facts.filter((fact) => fact !== null).join(' · ')}</p>
      <p className={page.muted}>{t('archive.check.leave')}</p>
    </div>
  );
}

function Result({ result, nowMs }: { result: SelfCheck; nowMs: number }) {
  const { t, i18n } = useTranslation('system');
  const lang = useLang();
  const n = (value: number) => formatNumber(value, lang, 0);
  const harm = harmIn(result);
  const sum = harm.reduce((all, { count }) => all + count, 0);
  const foreign = result.kinds.foreign_file ?? 0;
  const word = (kind: string) =>
    i18n.exists(`system:archive.check.kind.${kind}`) ? t(`archive.check.kind.${kind}`) : kind;
  const last = t('archive.check.last', {
    time: formatSince(result.atMs, nowMs),
    files: n(result.files),
    rows: n(result.rows),
    hashed: n(result.hashed),
  });
  const strangers = foreign === 0 ? '' : ` ${t('archive.check.foreign', { count: foreign, n: n(foreign) })}`;
  if (sum === 0) {
    return (
      <Notice icon={IconCircleCheck} title={t('archive.check.whole')}>
        {last}
        {strangers}
      </Notice>
    );
  }
  return (
    <Notice icon={IconAlertTriangle} kind="fault" title={t('archive.check.differs', { count: sum, n: n(sum) })}>
      <p>{harm.map(({ kind, count }) => `${word(kind)}: ${n(count)}`).join(' · ')}</p>
      <p>
        {last}
        {strangers}
      </p>
      {result.examples.length > 0 && (
        <>
          <p>{t('archive.check.examples')}:</p>
          <ul className={classes.examples}>
            {result.examples.slice(0, MOST_EXAMPLES).map(({ kind, path }) => (
              <li key={`${kind} ${path}`}>
                <span className={classes.path}>{path}</span>: {word(kind)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  );
}
