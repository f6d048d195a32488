import { useEffect, useRef } from 'react';
import { isTyping } from '../../components/use-key-help.ts';
import type { Direction } from './wall-view-policy.ts';

export type WallCommand =
  | { kind: 'select'; tile: number }
  | { kind: 'move' | 'swap'; direction: Direction }
  | { kind: 'size'; by: 1 | -1 }
  | { kind: 'enlarge' | 'back' | 'flag' | 'remove' | 'ptz' | 'back30' | 'stats' };

const arrows: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

/** What a key press means on the wall, or null when it is none of its keys. */
export function wallCommand(key: string, shift = false): WallCommand | null {
  if (/^[1-9]$/.test(key)) return { kind: 'select', tile: Number(key) - 1 };
  if (shift && key.toLowerCase() === 's') return { kind: 'stats' };
  const direction = arrows[key];
  if (direction) return { kind: shift ? 'swap' : 'move', direction };
  if (key === 'Enter') return { kind: 'enlarge' };
  if (key === 'Escape') return { kind: 'back' };
  if (key === 'Delete') return { kind: 'remove' };
  if (key === '+' || key === '=') return { kind: 'size', by: 1 };
  if (key === '-') return { kind: 'size', by: -1 };
  const letters: Record<string, WallCommand> = { f: { kind: 'flag' }, p: { kind: 'ptz' }, j: { kind: 'back30' } };
  return letters[key.toLowerCase()] ?? null;
}

/** Listens to the keys of the wall for as long as it is shown; keys that are typed into a field, or press a button, are left alone. */
export function useWallKeys(act: (command: WallCommand) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event))
        return;
      const onControl = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      if (onControl && event.key === 'Enter') return;
      const command = wallCommand(event.key, event.shiftKey);
      if (!command) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
