import { Menu } from '@mantine/core';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconLanguage from '@tabler/icons-react/icons/IconLanguage';
import IconLogout from '@tabler/icons-react/icons/IconLogout';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import IconSun from '@tabler/icons-react/icons/IconSun';
import { useTranslation } from 'react-i18next';
import { useSignOut } from '../api/session.ts';
import { useErrorText } from '../components/error-text.ts';
import { toast } from '../components/toast.tsx';
import { useLang } from '../components/use-lang.ts';
import classes from './account-menu.module.css';
import { AccountButton, type AccountMenuProps } from './account-menu.tsx';
import { setLang } from './i18n.ts';
import { setOfficeTone, useOfficeTone } from './tone.ts';

/** The menu behind the button, open from the start: it comes when it is first asked for. */
export default function AccountMenuList({ person, onHelp }: AccountMenuProps) {
  const { t } = useTranslation();
  const words = useErrorText();
  const lang = useLang();
  const tone = useOfficeTone();
  const signOut = useSignOut();
  const role = t(`role.${person.role}`);

  const leave = () =>
    signOut.mutate(undefined, {
      onError: (error) => toast({ kind: 'error', title: t('account.signOut'), text: words(error) }),
    });

  return (
    <Menu position="bottom-end" width={264} defaultOpened>
      <Menu.Target>
        <AccountButton person={person} autoFocus />
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
