import { Menu } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import IconBuildingBank from '@tabler/icons-react/icons/IconBuildingBank';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconHome from '@tabler/icons-react/icons/IconHome';
import IconLanguage from '@tabler/icons-react/icons/IconLanguage';
import IconLogout from '@tabler/icons-react/icons/IconLogout';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import IconReportSearch from '@tabler/icons-react/icons/IconReportSearch';
import IconShieldSearch from '@tabler/icons-react/icons/IconShieldSearch';
import IconSun from '@tabler/icons-react/icons/IconSun';
import IconUserCog from '@tabler/icons-react/icons/IconUserCog';
import IconUsersGroup from '@tabler/icons-react/icons/IconUsersGroup';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../server/contracts/roles.ts';
import type { Me } from '../../server/contracts/session.ts';
import { useSignOut } from '../api/session.ts';
import { useErrorText } from '../components/error-text.ts';
import { toast } from '../components/toast.tsx';
import { useLang } from '../components/use-lang.ts';
import classes from './account-menu.module.css';
import { setLang } from './i18n.ts';
import { setOfficeTone, useOfficeTone } from './tone.ts';

const ROLE_ICONS: Record<Role, Icon> = {
  leader: IconBuildingBank,
  home_affairs: IconUsersGroup,
  inspector: IconShieldSearch,
  unit_head: IconHome,
  admin: IconUserCog,
  auditor: IconReportSearch,
};

/** Who is signed in, by role, and the way out. */
export function AccountMenu({ person, onHelp }: { person: Me; onHelp: () => void }) {
  const { t } = useTranslation();
  const words = useErrorText();
  const lang = useLang();
  const tone = useOfficeTone();
  const signOut = useSignOut();
  const Glyph = ROLE_ICONS[person.role];
  const role = t(`role.${person.role}`);

  const leave = () =>
    signOut.mutate(undefined, {
      onError: (error) => toast({ kind: 'error', title: t('account.signOut'), text: words(error) }),
    });

  return (
    <Menu position="bottom-end" width={264}>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label={`${t('account.menu')}: ${role}`}>
          <span className={classes.face}>
            <Glyph size={18} stroke={1.8} aria-hidden />
          </span>
          <span className={classes.role}>{role}</span>
          <IconChevronDown className={classes.arrow} size={16} stroke={1.8} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <b>{person.name}</b>
          <span>
            {role} · {person.username}
          </span>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={tone === 'dark' ? <IconSun size={18} stroke={1.8} /> : <IconMoon size={18} stroke={1.8} />}
          onClick={() => setOfficeTone(tone === 'dark' ? 'light' : 'dark')}
        >
          {t(tone === 'dark' ? 'account.light' : 'account.dark')}
        </Menu.Item>
        <Menu.Item
          className={classes.phone}
          leftSection={<IconLanguage size={18} stroke={1.8} />}
          onClick={() => void setLang(lang === 'vi' ? 'en' : 'vi')}
        >
          {lang === 'vi' ? 'English' : 'Tiếng Việt'}
        </Menu.Item>
        <Menu.Item leftSection={<IconHelpCircle size={18} stroke={1.8} />} onClick={onHelp}>
          {t('nav.help')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.8} />} onClick={leave}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
