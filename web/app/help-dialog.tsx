import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyCap } from '../components/key-cap.tsx';
import { isTyping, type KeyHelpGroup, useKeyHelpGroups } from '../components/use-key-help.ts';
import classes from './help-dialog.module.css';

/** What the keys do, on every screen and on the one that is shown. `?` opens it. */
export function HelpDialog({ opened, onToggle }: { opened: boolean; onToggle: (opened: boolean) => void }) {
  const { t } = useTranslation();
  const groups = useKeyHelpGroups();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      onToggle(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onToggle]);

  const everywhere: KeyHelpGroup = {
    title: t('help.everywhere'),
    entries: [
      { keys: ['/'], label: t('help.search') },
      { keys: ['?'], label: t('help.help') },
      { keys: ['Esc'], label: t('help.close') },
    ],
  };
  return (
    <Modal
      opened={opened}
      onClose={() => onToggle(false)}
      title={t('help.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
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
