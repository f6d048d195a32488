import type { Icon } from '@tabler/icons-react';
import classes from './notice.module.css';

interface NoticeProps {
  icon: Icon;
  /** fault: something is wrong and says what · info: good to know. */
  kind?: 'fault' | 'info';
  title?: string;
  children?: React.ReactNode;
  /** Spoken at once when it appears. */
  alert?: boolean;
}

/** A few words on a tinted ground above what they are about. */
export function Notice({ icon: Glyph, kind = 'info', title, children, alert = false }: NoticeProps) {
  return (
    <div className={classes.notice} data-kind={kind} role={alert ? 'alert' : undefined}>
      <Glyph size={18} stroke={1.8} aria-hidden />
      <div className={classes.words}>
        {title !== undefined && <p className={classes.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
