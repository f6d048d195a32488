import type { Icon } from '@tabler/icons-react';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  icon: Icon;
  /** One sentence. */
  title: string;
  hint?: React.ReactNode;
  /** The one next step. */
  action?: React.ReactNode;
}

export function EmptyState({ icon: Glyph, title, hint, action }: EmptyStateProps) {
  return (
    <div className={classes.root}>
      <Glyph size={30} stroke={1.8} aria-hidden />
      <p className={classes.title}>{title}</p>
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}
