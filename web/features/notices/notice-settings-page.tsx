import { Checkbox } from '@mantine/core';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ChannelChoice, NoticeKind, NoticeSettings } from '../../../server/contracts/notices.ts';
import { useNoticeSettings, usePatchNoticeSettings } from '../../api/notices.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { toast } from '../../components/toast.tsx';
import { MailCard } from './mail-card.tsx';
import classes from './notice-settings.module.css';
import { DigestCard, MailHoursCard } from './times-cards.tsx';

/** What the person is told of, and how. */
export default function NoticeSettingsPage() {
  const { t } = useTranslation('notices');
  const settings = useNoticeSettings();
  return (
    <div className={page.page}>
      <PageHeader title={t('title')} crumb={t('settings')} />
      <Link className={classes.back} to={paths.notices}>
        <IconArrowLeft size={18} stroke={1.8} aria-hidden />
        {t('back')}
      </Link>
      {settings.isPending && (
        <div className={table.card}>
          <SkeletonRows rows={8} />
        </div>
      )}
      {settings.isError && settings.data === undefined && (
        <Problem error={settings.error} onRetry={() => settings.refetch()} />
      )}
      {settings.data !== undefined && (
        <div className={classes.columns}>
          <Kinds settings={settings.data} />
          <div className={classes.side}>
            <MailCard settings={settings.data} />
            <MailHoursCard settings={settings.data} />
            {settings.data.digest !== null && <DigestCard digest={settings.data.digest} />}
          </div>
        </div>
      )}
    </div>
  );
}

/** Kinds by channels; each tick is saved at once. */
function Kinds({ settings }: { settings: NoticeSettings }) {
  const { t } = useTranslation('notices');
  const words = useErrorText();
  const patch = usePatchNoticeSettings();
  const change = (kind: NoticeKind, choice: ChannelChoice) =>
    patch.mutate(
      { choices: { [kind]: choice } },
      { onError: (error) => toast({ kind: 'error', title: t('choose.notSaved'), text: words(error) }) },
    );
  const pending = patch.isPending ? patch.variables.choices : undefined;
  const mailable = settings.mail?.verified === true;
  if (settings.choices.length === 0) return <Notice icon={IconInfoCircle}>{t('choose.noKinds')}</Notice>;
  return (
    <section className={table.card} aria-labelledby="notice-kinds">
      <div className={classes.cardHead}>
        <h2 className={classes.heading} id="notice-kinds">
          {t('choose.kinds')}
        </h2>
        <p className={page.muted}>{t('choose.kindsHint')}</p>
        {!mailable && <p className={page.muted}>{t(settings.mailOffered ? 'choose.mailFirst' : 'choose.mailOff')}</p>}
      </div>
      <table className={classes.kinds}>
        <thead>
          <tr>
            <th scope="col">{t('kind')}</th>
            <th scope="col">{t('choose.console')}</th>
            <th scope="col">{t('choose.mail')}</th>
          </tr>
        </thead>
        <tbody>
          {settings.choices.map(({ kind, mailFixed, ...saved }) => {
            // Ticked at once, before the server has answered.
            const choice = pending?.[kind] ?? { console: saved.console, mail: saved.mail };
            const name = t(`kinds.${kind}`);
            return (
              <tr key={kind}>
                <th scope="row">{name}</th>
                <td>
                  <Checkbox
                    aria-label={t('choose.consoleOf', { kind: name })}
                    checked={choice.console}
                    onChange={({ currentTarget }) => change(kind, { ...choice, console: currentTarget.checked })}
                  />
                </td>
                <td>
                  {mailFixed ? (
                    <span className={page.muted}>{t('choose.notMailed')}</span>
                  ) : (
                    <Checkbox
                      aria-label={t('choose.mailOf', { kind: name })}
                      checked={choice.mail}
                      disabled={!settings.mailOffered}
                      onChange={({ currentTarget }) => change(kind, { ...choice, mail: currentTarget.checked })}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
