import { useTranslation } from 'react-i18next';
import { LanguageSwitch, SimulatedLabel } from './labels.tsx';
import { Mark } from './mark.tsx';
import classes from './plain-frame.module.css';
import { lastKnownSimulated } from './simulated.ts';

/** Round the pages before anybody is signed in: one card in the middle. */
export function PlainFrame({ title, lead, children }: { title: string; lead: string; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes.page}>
      <header className={classes.top}>
        {lastKnownSimulated() && <SimulatedLabel />}
        <LanguageSwitch />
      </header>
      <main className={classes.card}>
        <div className={classes.product}>
          <Mark size={36} />
          <span>{t('product')}</span>
        </div>
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead}>{lead}</p>
        {children}
      </main>
    </div>
  );
}
