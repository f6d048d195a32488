import { useTranslation } from 'react-i18next';
import type { Severity } from '../../server/contracts/common.ts';
import classes from './severity.module.css';

const SHAPES: Record<Severity, React.ReactNode> = {
  1: <circle cx="12" cy="12" r="10" />,
  2: <rect x="4" y="4" width="16" height="16" rx="2" transform="rotate(45 12 12)" />,
  3: <path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9Z" />,
};

interface MarkProps {
  severity: Severity;
  /** In px; below 12 the shape stands alone. */
  size?: number;
  /** Left out where the word stands beside it. */
  label?: boolean;
}

/** Circle, diamond or octagon with its digit: the severity without words. */
export function SeverityMark({ severity, size = 16, label = true }: MarkProps) {
  const { t } = useTranslation();
  const name = t(`severity.${severity}`);
  return (
    <svg
      className={classes.mark}
      data-severity={severity}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      role="img"
      aria-hidden={!label}
    >
      <title>{name}</title>
      {SHAPES[severity]}
      {size >= 12 && (
        <text x="12" y="12" dy="0.36em" textAnchor="middle">
          {severity}
        </text>
      )}
    </svg>
  );
}

/** The mark with its words: `Mức 2 · Cần xử lý`, or only `Cần xử lý` when `short`. */
export function SeverityLabel({ severity, short = false }: { severity: Severity; short?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={classes.label} data-severity={severity}>
      <SeverityMark severity={severity} label={false} />
      {short ? t(`severity.${severity}`) : t('severity.full', { level: severity, word: t(`severity.${severity}`) })}
    </span>
  );
}
