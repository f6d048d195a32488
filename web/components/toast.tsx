import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconX from '@tabler/icons-react/icons/IconX';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './toast.module.css';

export interface Toast {
  kind: 'done' | 'error';
  title: string;
  text?: string;
  action?: { label: string; onClick: () => void };
}

const MOST = 2;
const STAYS_MS = 6000;

let shown: readonly (Toast & { id: number })[] = [];
let nextId = 1;
const watchers = new Set<() => void>();

function set(next: typeof shown): void {
  shown = next;
  for (const watcher of watchers) watcher();
}

/** Says what happened, at the bottom right: what is done for 6 s, an error until it is put away; two at most. */
export function toast(what: Toast): void {
  set([...shown, { ...what, id: nextId++ }].slice(-MOST));
}

export function dismissToasts(): void {
  set([]);
}

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

function OneToast({ id, kind, title, text, action }: Toast & { id: number }) {
  const { t } = useTranslation();
  useEffect(() => {
    if (kind === 'error') return;
    const timer = setTimeout(() => set(shown.filter((other) => other.id !== id)), STAYS_MS);
    return () => clearTimeout(timer);
  }, [id, kind]);
  const close = () => set(shown.filter((other) => other.id !== id));
  const Glyph = kind === 'done' ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={classes.toast} data-kind={kind} role={kind === 'error' ? 'alert' : 'status'}>
      <Glyph size={20} stroke={1.8} aria-hidden />
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {text !== undefined && <p className={classes.text}>{text}</p>}
      </div>
      {action !== undefined && (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            action.onClick();
            close();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className={classes.close} aria-label={t('close')} onClick={close}>
        <IconX size={16} stroke={1.8} aria-hidden />
      </button>
    </div>
  );
}

/** Mounted once, by the frame of the whole console. */
export function Toasts() {
  const list = useSyncExternalStore(watch, () => shown);
  return (
    <div className={classes.stack}>
      {list.map((one) => (
        <OneToast key={one.id} {...one} />
      ))}
    </div>
  );
}
