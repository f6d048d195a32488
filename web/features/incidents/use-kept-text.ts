import { useState } from 'react';

function read(key: string): string {
  try {
    return localStorage.getItem(key)?.slice(0, 4000) ?? '';
  } catch {
    return '';
  }
}

/** A text that outlives the page until it is cleared: kept on this machine with every change. */
export function useKeptText(key: string): [text: string, change: (text: string) => void, clear: () => void] {
  const [text, setText] = useState(() => read(key));
  const change = (next: string) => {
    setText(next);
    try {
      if (next === '') localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // Without storage it lives as long as the page.
    }
  };
  return [text, change, () => change('')];
}
