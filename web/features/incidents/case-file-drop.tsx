import { ActionIcon, Button } from '@mantine/core';
import IconPaperclip from '@tabler/icons-react/icons/IconPaperclip';
import IconX from '@tabler/icons-react/icons/IconX';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatPercent } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { FileIcon } from './case-file-list.tsx';
import classes from './case-files.module.css';
import { ACCEPTED, LARGEST_WORDS, MOST_FILES } from './case-files-policy.ts';
import type { Uploads } from './use-uploads.ts';

/** Where files are dropped or chosen; each can be stopped while it is sent and taken away before the step. */
export function FileDrop({ uploads }: { uploads: Uploads }) {
  const { t } = useTranslation(['incidents', 'common']);
  const lang = useLang();
  const input = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const without = (name: string, act: () => void) => (
    <ActionIcon
      aria-label={t('files.remove', { name })}
      title={t('files.remove', { name })}
      onClick={() => {
        act();
        choose.current?.focus();
      }}
    >
      <IconX size={18} stroke={1.8} aria-hidden />
    </ActionIcon>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button within does the same
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        uploads.add([...event.dataTransfer.files]);
      }}
    >
      <div className={classes.ask}>
        <Button
          ref={choose}
          variant="default"
          leftSection={<IconPaperclip size={18} stroke={1.8} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t('files.choose')}
        </Button>
        <span>{t('files.drop')}</span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          data-testid="case-files"
          accept={ACCEPTED}
          onChange={(event) => {
            uploads.add([...(event.currentTarget.files ?? [])]);
            // The same file can be chosen again after it was taken away.
            event.currentTarget.value = '';
          }}
        />
      </div>
      <p className={classes.rule}>{t('files.rule', { size: LARGEST_WORDS, count: MOST_FILES })}</p>
      {(uploads.files.length > 0 || uploads.running.length > 0) && (
        <ul className={classes.rows} aria-live="polite">
          {uploads.files.map(({ id, name, sizeBytes }) => (
            <li key={id} className={classes.file}>
              <FileIcon name={name} />
              <span className={classes.words}>
                <span className={classes.name}>{name}</span>
                <span className={classes.size}>{formatBytes(sizeBytes, lang)}</span>
              </span>
              {without(name, () => uploads.remove(id))}
            </li>
          ))}
          {uploads.running.map(({ key, name, size, share, problem, again }) => (
            <li key={key} className={classes.file}>
              <FileIcon name={name} />
              <span className={classes.words}>
                <span className={classes.name}>{name}</span>
                {problem === null ? (
                  <>
                    <span className={classes.size}>
                      {formatBytes(size * share, lang)} / {formatBytes(size, lang)} · {formatPercent(share, lang, 0)}
                    </span>
                    <progress className={classes.bar} max={1} value={share} aria-label={t('files.sending', { name })} />
                  </>
                ) : (
                  <span className={classes.size} data-bad>
                    {problem}
                  </span>
                )}
              </span>
              {again !== null && (
                <Button variant="subtle" px={8} onClick={again}>
                  {t('common:retry')}
                </Button>
              )}
              {without(name, () => uploads.stop(key))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
