import { Button, Textarea } from '@mantine/core';
import IconAlertCircle from '@tabler/icons-react/icons/IconAlertCircle';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comment } from '../../../server/contracts/incident-work.ts';
import { useComments, useCreateComment, useMentionable } from '../../api/incident-work.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import { Problem } from '../../components/problem.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { formatShort } from '../../components/time.ts';
import classes from './case-comments.module.css';
import {
  insertMention,
  type MentionOption,
  mentionAt,
  mentionOptions,
  mentionsIn,
  runsOf,
  suggestMentions,
} from './case-mentions.ts';
import { useKeptText } from './use-kept-text.ts';

interface CommentsProps {
  incidentId: string;
  personId: string;
  /** Where the key for a comment puts the focus. */
  inputRef: React.RefObject<HTMLTextAreaElement | null>;
}

/** What the offices say to each other about a case; the unit has no part in it. */
export function CaseComments({ incidentId, personId, inputRef }: CommentsProps) {
  const { t } = useTranslation('incidents');
  const [correcting, setCorrecting] = useState<Comment | null>(null);
  const query = useComments(incidentId);
  return (
    <section className={classes.card} aria-labelledby="case-comments">
      <h2 id="case-comments" className={classes.title}>
        {t('comments.title')}
      </h2>
      {query.isError ? (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton height={40} radius={6} />
      ) : (
        query.data.length > 0 && (
          <ol className={classes.list}>
            {query.data.map((comment) => (
              <OneComment
                key={comment.id}
                comment={comment}
                all={query.data}
                onCorrect={() => {
                  setCorrecting(comment);
                  inputRef.current?.focus();
                }}
              />
            ))}
          </ol>
        )
      )}
      <Composer
        incidentId={incidentId}
        personId={personId}
        inputRef={inputRef}
        correcting={correcting}
        onCorrected={() => setCorrecting(null)}
      />
      <p className={classes.hidden}>
        <IconEyeOff size={16} stroke={1.8} aria-hidden />
        {t('comments.hidden')}
      </p>
    </section>
  );
}

function useOffice(): (role: string, name: string) => string {
  const { t } = useTranslation('common');
  return (role, name) => t(`role.${role}`, { defaultValue: name });
}

interface OneProps {
  comment: Comment;
  all: readonly Comment[];
  onCorrect: () => void;
}

function OneComment({ comment, all, onCorrect }: OneProps) {
  const { t } = useTranslation('incidents');
  const office = useOffice();
  const labels = comment.mentions.map(({ role, name }) => name ?? office(role, role));
  const by = office(comment.by.role, '');
  const corrected = all.find(({ id }) => id === comment.corrects);
  return (
    <li className={classes.comment} data-mine={comment.mine || undefined}>
      <p className={classes.by}>
        <b>{comment.by.name}</b> {by !== comment.by.name && <span>{by}</span>}
        <time>{formatShort(comment.atMs)}</time>
      </p>
      {corrected !== undefined && (
        <p className={classes.corrects}>{t('comments.corrects', { time: formatShort(corrected.atMs) })}</p>
      )}
      <p className={classes.text}>
        {runsOf(comment.text, labels).map((run) =>
          run.mention ? <mark key={run.at}>{run.text}</mark> : <span key={run.at}>{run.text}</span>,
        )}
      </p>
      {comment.mine && (
        <button type="button" className={classes.correct} onClick={onCorrect}>
          {t('comments.correct')}
        </button>
      )}
    </li>
  );
}

interface ComposerProps extends CommentsProps {
  /** The comment that is being corrected by a new one. */
  correcting: Comment | null;
  onCorrected: () => void;
}

function Composer({ incidentId, personId, inputRef, correcting, onCorrected }: ComposerProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const office = useOffice();
  const errorText = useErrorText();
  const people = useMentionable(incidentId).data;
  const create = useCreateComment(incidentId);
  const [text, setText, clear] = useKeptText(`lienthong.case-comment.${personId}.${incidentId}`);
  const [caret, setCaret] = useState<number | null>(null);
  const options = useMemo(
    () => (people === undefined ? [] : mentionOptions(people, (role) => office(role, role))),
    [people, office],
  );
  const words = text.trim();
  const send = () => {
    if (words === '' || create.isPending) return;
    create.mutate(
      { text: words, mentions: mentionsIn(words, options), corrects: correcting?.id ?? null },
      {
        onSuccess: () => {
          clear();
          onCorrected();
          inputRef.current?.focus();
        },
      },
    );
  };
  const choose = ({ label }: MentionOption, at: number) => {
    const next = insertMention(text, at, caret ?? text.length, label);
    setText(next.text);
    setCaret(null);
    requestAnimationFrame(() => {
      inputRef.current?.focus();
      inputRef.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const mention = caret === null ? null : mentionAt(text, caret);
  const found = mention === null ? [] : suggestMentions(options, mention.query);
  const picker = useMentionPicker(
    found,
    (option) => choose(option, mention?.at ?? 0),
    () => setCaret(null),
  );

  return (
    <div className={classes.composer}>
      {correcting !== null && (
        <p className={classes.correcting}>
          {t('comments.corrects', { time: formatShort(correcting.atMs) })}
          <button type="button" className={classes.correct} onClick={onCorrected}>
            {t('common:cancel')}
          </button>
        </p>
      )}
      <Textarea
        ref={inputRef}
        aria-label={t('comments.write')}
        placeholder={t('comments.placeholder')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        value={text}
        {...picker.inputProps}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
        }}
        onBlur={() => setCaret(null)}
        onKeyDown={(event) => {
          if (picker.onKey(event)) return;
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            send();
          }
        }}
      />
      {picker.list}
      {create.isError && (
        <Notice icon={IconAlertCircle} kind="fault" title={t('comments.notSent')} alert>
          {errorText(create.error)}
        </Notice>
      )}
      <div className={classes.send}>
        <span className={classes.hint}>{t('comments.keys')}</span>
        <Button variant="default" disabled={words === ''} loading={create.isPending} onClick={send}>
          {t('comments.send')}
        </Button>
      </div>
    </div>
  );
}

/** The list under the field: arrows choose, Enter or Tab takes, Esc puts it away. */
function useMentionPicker(
  found: readonly MentionOption[],
  onChoose: (option: MentionOption) => void,
  onLeave: () => void,
) {
  const { t } = useTranslation('incidents');
  const id = useId();
  const [chosen, setChosen] = useState(0);
  const names = found.map(({ label }) => label).join('\n');
  const [shownFor, setShownFor] = useState(names);
  if (shownFor !== names) {
    setShownFor(names);
    setChosen(0);
  }
  const at = Math.min(chosen, found.length - 1);
  const open = found.length > 0;
  const optionId = (index: number) => `${id}-${index}`;
  const onKey = (event: React.KeyboardEvent): boolean => {
    const option = found[at];
    if (option === undefined) return false;
    if (event.key === 'ArrowDown') setChosen((at + 1) % found.length);
    else if (event.key === 'ArrowUp') setChosen((at + found.length - 1) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') onChoose(option);
    else if (event.key === 'Escape') onLeave();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const list = open && (
    <div className={classes.options} role="listbox" id={id} aria-label={t('comments.mention')}>
      {found.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the chosen one
        <div
          key={option.label}
          role="option"
          id={optionId(index)}
          className={classes.option}
          aria-selected={index === at}
          // Before the field loses the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option)}
        >
          {option.label}
          <span>{option.office ?? t('comments.office')}</span>
        </div>
      ))}
    </div>
  );
  return {
    onKey,
    list,
    inputProps: {
      'aria-autocomplete': 'list' as const,
      ...(open && { 'aria-controls': id, 'aria-activedescendant': optionId(at) }),
    },
  };
}
