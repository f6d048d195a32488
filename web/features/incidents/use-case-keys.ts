import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentStep } from '../../../server/contracts/incidents.ts';
import { isTyping, type KeyHelp, useKeyHelp } from '../../components/use-key-help.ts';
import type { Actions } from './case-step-policy.ts';

const STEP_KEYS: readonly (readonly [key: string, step: IncidentStep, word: string])[] = [
  ['v', 'verify', 'verify'],
  ['g', 'request_explanation', 'request'],
  ['c', 'conclude', 'conclude'],
  ['d', 'dismiss', 'dismiss'],
  ['e', 'correct', 'correct'],
  ['a', 'assign', 'assign'],
];

interface CaseKeys {
  actions: Actions;
  /** Opens the form of a step that the reader may take. */
  onStep: (step: IncidentStep) => void;
  /** Null where the case was not opened from a list. */
  onNeighbour: ((which: 'next' | 'previous') => void) | null;
  /** Null where there are no comments. */
  onComment: (() => void) | null;
  /** Plays or pauses the clip. */
  onPlay: () => void;
}

/** A whole queue by keys: the next case, its clip, a step, a comment. What the reader may not do has no key. */
export function useCaseKeys(keys: CaseKeys): void {
  const { t } = useTranslation('incidents');
  const { actions, onComment, onNeighbour } = keys;
  const allowed = new Set<IncidentStep>([...actions.others, ...actions.tools]);
  if (actions.primary !== null) allowed.add(actions.primary);
  const steps = STEP_KEYS.filter(([, step]) => allowed.has(step));
  const help: KeyHelp[] = [
    ...(onNeighbour === null
      ? []
      : [
          { keys: ['J'], label: t('keys.nextCase') },
          { keys: ['K'], label: t('keys.previousCase') },
        ]),
    { keys: ['P'], label: t('keys.play') },
    ...steps.map(([key, , word]) => ({ keys: [key.toUpperCase()], label: t(`keys.${word}`) })),
    ...(onComment === null ? [] : [{ keys: ['/'], label: t('keys.comment') }]),
  ];
  useKeyHelp(t('keys.caseTitle'), help);

  const latest = useRef({ ...keys, steps });
  useEffect(() => {
    latest.current = { ...keys, steps };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event)) return;
      // An open dialog has its own keys.
      if (document.querySelector('[role="dialog"]') !== null) return;
      const now = latest.current;
      const key = event.key.toLowerCase();
      const step = now.steps.find(([letter]) => letter === key)?.[1];
      if (key === 'j' && now.onNeighbour !== null) now.onNeighbour('next');
      else if (key === 'k' && now.onNeighbour !== null) now.onNeighbour('previous');
      else if (key === 'p') now.onPlay();
      else if (key === '/' && now.onComment !== null) {
        // Before the search of the top bar, which listens for the same key.
        event.stopPropagation();
        now.onComment();
      } else if (step !== undefined) now.onStep(step);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
