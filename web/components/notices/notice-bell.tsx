import IconBell from '@tabler/icons-react/icons/IconBell';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnread } from '../../api/notices.ts';
import { restTexts } from '../../app/i18n.ts';
import classes from './notice-bell.module.css';
import { bellText } from './notice-policy.ts';

// The bell belongs to the first pages; the words of notices do not.
const NoticePanel = lazy(async () => (await Promise.all([import('./notice-panel.tsx'), restTexts()]))[0]);

/** The bell of the top bar with the count of unread notices; its panel comes when it is first asked for. */
export function NoticeBell() {
  const [asked, setAsked] = useState(false);
  const button = <BellButton aria-haspopup="dialog" aria-expanded={false} onClick={() => setAsked(true)} />;
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <NoticePanel />
    </Suspense>
  );
}

export function BellButton(button: ComponentProps<'button'>) {
  const { t } = useTranslation();
  const unread = useUnread().data ?? 0;
  const text = bellText(unread);
  const label = text === '' ? t('bell.label') : `${t('bell.label')}: ${t('bell.unread', { n: text })}`;
  return (
    <button {...button} type="button" className={classes.bell} aria-label={label} title={t('bell.label')}>
      <IconBell size={20} stroke={1.8} aria-hidden />
      {text !== '' && (
        <span className={classes.count} aria-hidden>
          {text}
        </span>
      )}
    </button>
  );
}
