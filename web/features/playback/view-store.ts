import { useSyncExternalStore } from 'react';
import type { Span } from './timeline-scale.ts';

/** What the timeline shows. Outside React, so that a wheel draws one canvas anew and not a page. */
export class ViewStore {
  readonly #listeners = new Set<() => void>();
  #view: Span;

  constructor(view: Span) {
    this.#view = view;
  }

  get = (): Span => this.#view;

  set = (next: Span | ((old: Span) => Span)): void => {
    const view = typeof next === 'function' ? next(this.#view) : next;
    if (view === this.#view) return;
    this.#view = view;
    for (const listener of this.#listeners) listener();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Something of the view that is a plain value: only when it changes is anything rendered. */
export function useView<T extends string | number | Span>(views: ViewStore, of: (view: Span) => T): T {
  return useSyncExternalStore(views.subscribe, () => of(views.get()));
}
