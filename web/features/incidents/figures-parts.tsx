import { useId } from 'react';
import { Link } from 'react-router';
import type { Figure } from '../../../server/contracts/incident-figures.ts';
import { paths } from '../../app/paths.ts';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './figures-page.module.css';
import { addressOf, writeAddress } from './list-address.ts';

/** Address of the list that shows exactly the cases behind a number. */
export const casesBehind = (filter: Figure['filter']): string =>
  `${paths.incidents()}?${writeAddress(addressOf(filter))}`;

interface NumberProps {
  figure: Figure;
  /** What the number is, for whoever hears it. */
  label: string;
  tone?: 'overdue' | undefined;
}

/** A number of cases that opens them. */
export function CasesLink({ figure, label, tone }: NumberProps) {
  const lang = useLang();
  const number = formatNumber(figure.count, lang);
  if (figure.count === 0) return <span className={classes.zero}>{number}</span>;
  return (
    <Link
      className={classes.number}
      data-tone={tone}
      to={casesBehind(figure.filter)}
      aria-label={`${label}: ${number}`}
    >
      {number}
    </Link>
  );
}

interface PanelProps {
  title: string;
  /** What is counted, in a line. */
  hint?: string | undefined;
  children: React.ReactNode;
  wide?: boolean;
}

export function Panel({ title, hint, children, wide = false }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} data-wide={wide || undefined} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {hint !== undefined && <p>{hint}</p>}
      </header>
      {children}
    </section>
  );
}

export interface BarRow {
  key: string;
  label: string;
  /** In the place of the label, where it is more than words. */
  mark?: React.ReactNode;
  figure: Figure;
}

/** Rows with a bar and a number each; the longest bar is the largest number. */
export function BarTable({ caption, rows }: { caption: string; rows: readonly BarRow[] }) {
  const most = Math.max(1, ...rows.map(({ figure }) => figure.count));
  return (
    <table className={classes.bars}>
      <caption className={classes.spoken}>{caption}</caption>
      <tbody>
        {rows.map(({ key, label, mark, figure }) => (
          <tr key={key}>
            <th scope="row">{mark ?? label}</th>
            <td className={classes.barCell}>
              <Bar parts={[{ share: figure.count / most, tone: 'plain' }]} />
            </td>
            <td className={classes.value}>
              <CasesLink figure={figure} label={label} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A bar of parts, each a share of its whole width; the numbers stand beside it. */
export function Bar({ parts }: { parts: readonly { share: number; tone: 'plain' | 'good' | 'late' | 'strong' }[] }) {
  return (
    <span className={classes.bar} aria-hidden>
      {parts.map(({ share, tone }) => (
        <span key={tone} data-tone={tone} style={{ width: `${(share * 100).toFixed(2)}%` }} />
      ))}
    </span>
  );
}
