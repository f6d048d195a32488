import { useEffect, useRef } from 'react';
import { isTyping } from '../../components/use-key-help.ts';

export type PlaybackCommand =
  | { kind: 'toggle' | 'flag' | 'markIn' | 'markOut' | 'goTo' | 'live' | 'back' | 'enlarge' | 'export' }
  | { kind: 'shuttle'; key: 'j' | 'k' | 'l' }
  | { kind: 'frame'; direction: 1 | -1 }
  | { kind: 'skip'; byMs: number }
  | { kind: 'incident' | 'gapEnd'; direction: 1 | -1 }
  | { kind: 'zoom'; factor: number }
  | { kind: 'track'; track: number };

type Press = { key: string; shiftKey: boolean };

const SKIP_MS = 5_000;
const LONG_SKIP_MS = 60_000;

/** What a key press means in playback, or null when it is none of its keys. */
export function playbackCommand({ key, shiftKey }: Press): PlaybackCommand | null {
  if (/^[1-9]$/.test(key)) return { kind: 'track', track: Number(key) - 1 };
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case ' ':
      return { kind: 'toggle' };
    case 'j':
    case 'k':
    case 'l':
      return { kind: 'shuttle', key: key.toLowerCase() as 'j' | 'k' | 'l' };
    case ',':
      return { kind: 'frame', direction: -1 };
    case '.':
      return { kind: 'frame', direction: 1 };
    case 'ArrowLeft':
      return { kind: 'skip', byMs: shiftKey ? -LONG_SKIP_MS : -SKIP_MS };
    case 'ArrowRight':
      return { kind: 'skip', byMs: shiftKey ? LONG_SKIP_MS : SKIP_MS };
    case 'PageUp':
    case '[':
      return { kind: 'incident', direction: -1 };
    case 'PageDown':
    case ']':
      return { kind: 'incident', direction: 1 };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 0.5 };
    case '-':
      return { kind: 'zoom', factor: 2 };
    case 'i':
      return { kind: 'markIn' };
    case 'o':
      return { kind: 'markOut' };
    case 'f':
      return { kind: 'flag' };
    case 'n':
      return { kind: 'gapEnd', direction: shiftKey ? -1 : 1 };
    case 'e':
      return { kind: 'export' };
    case 'Enter':
      return { kind: 'enlarge' };
    case 'g':
      return { kind: 'goTo' };
    case 'End':
      return { kind: 'live' };
    case 'Escape':
      return { kind: 'back' };
    default:
      return null;
  }
}

/** Listens to the keys of playback for as long as it is shown; what is typed into a field is left alone. */
export function usePlaybackKeys(act: (command: PlaybackCommand) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // An arrow on a slider is the slider's.
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const command = playbackCommand(event);
      if (!command) return;
      const repeats = command.kind === 'frame' || command.kind === 'skip' || command.kind === 'zoom';
      if (event.repeat && !repeats) return;
      // Enter stays the button's that has the focus.
      if (command.kind === 'enlarge' && event.target instanceof Element && event.target.closest('button, a')) return;
      // A dialog keeps its keys to itself.
      if (event.target instanceof Element && event.target.closest('[role=dialog]')) return;
      // Space is the player's, also while a button has the focus: otherwise the last clicked button would be pressed again.
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
