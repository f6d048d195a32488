import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KeyCap } from '../components/key-cap.tsx';
import { type KeyHelpGroup, useKeyHelpGroups } from '../components/use-key-help.ts';
import classes from './help-dialog.module.css';

/** What the keys do, on every screen and on the one that is shown. */
export default function HelpDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const groups = useKeyHelpGroups();

  const everywhere: KeyHelpGroup = {
    title: t('help.everywhere'),
    entries: [
      { keys: ['/'], label: t('help.search') },
      { keys: ['?'], label: t('help.help') },
      { keys: ['Esc'], label: t('help.close') },
    ],
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('help.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <div className={classes.groups}>
        {[...groups, everywhere].map((group) => (
          <section key={group.title}>
            <h3 className={classes.title}>{group.title}</h3>
            <dl className={classes.list}>
              {group.entries.map((entry) => (
                <div key={entry.label} className={classes.entry}>
                  <dt>
                    {entry.keys.map((key) => (
                      <KeyCap key={key}>{key}</KeyCap>
                    ))}
                  </dt>
                  <dd>{entry.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className={classes.note}>{t('help.severity')}</p>
      </div>
    </Modal>
  );
}
