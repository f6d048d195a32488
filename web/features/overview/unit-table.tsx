import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { UnitCard } from './overview-policy.ts';
import { Cameras, Cases } from './unit-cards.tsx';
import classes from './unit-table.module.css';
import { camerasLink } from './wall-link.ts';

/** Units as plain rows, for those who read rather than look. */
export function UnitTable({ cards }: { cards: readonly UnitCard[] }) {
  const { t } = useTranslation('overview');
  return (
    <ul className={classes.list} aria-label={t('normal')}>
      {cards.map((card) => (
        <li key={card.unit.id} className={classes.row}>
          <Link className={classes.name} to={camerasLink(card.cameras)}>
            {card.unit.name}
          </Link>
          <Cases card={card} />
          <Cameras card={card} long />
        </li>
      ))}
    </ul>
  );
}
