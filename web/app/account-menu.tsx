import type { Icon } from '@tabler/icons-react';
import IconBuildingBank from '@tabler/icons-react/icons/IconBuildingBank';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconHome from '@tabler/icons-react/icons/IconHome';
import IconReportSearch from '@tabler/icons-react/icons/IconReportSearch';
import IconShieldSearch from '@tabler/icons-react/icons/IconShieldSearch';
import IconUserCog from '@tabler/icons-react/icons/IconUserCog';
import IconUsersGroup from '@tabler/icons-react/icons/IconUsersGroup';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../server/contracts/roles.ts';
import type { Me } from '../../server/contracts/session.ts';
import classes from './account-menu.module.css';

const AccountMenuList = lazy(() => import('./account-menu-list.tsx'));

const ROLE_ICONS: Record<Role, Icon> = {
  leader: IconBuildingBank,
  home_affairs: IconUsersGroup,
  inspector: IconShieldSearch,
  unit_head: IconHome,
  admin: IconUserCog,
  auditor: IconReportSearch,
};

export interface AccountMenuProps {
  person: Me;
  onHelp: () => void;
}

/** Who is signed in, by role, and the way out. */
export function AccountMenu({ person, onHelp }: AccountMenuProps) {
  const [asked, setAsked] = useState(false);
  const button = <AccountButton person={person} aria-haspopup="menu" onClick={() => setAsked(true)} />;
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenuList person={person} onHelp={onHelp} />
    </Suspense>
  );
}

export function AccountButton({ person, ...button }: ComponentProps<'button'> & { person: Me }) {
  const { t } = useTranslation();
  const Glyph = ROLE_ICONS[person.role];
  const role = t(`role.${person.role}`);
  return (
    <button {...button} type="button" className={classes.button} aria-label={`${t('account.menu')}: ${role}`}>
      <span className={classes.face}>
        <Glyph size={18} stroke={1.8} aria-hidden />
      </span>
      <span className={classes.role}>{role}</span>
      <IconChevronDown className={classes.arrow} size={16} stroke={1.8} aria-hidden />
    </button>
  );
}
