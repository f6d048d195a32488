import classes from './key-cap.module.css';

/** A key as it is written on the keyboard. */
export function KeyCap({ children }: { children: React.ReactNode }) {
  return <kbd className={classes.key}>{children}</kbd>;
}
