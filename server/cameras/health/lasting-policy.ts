/** One trouble of one part, from its first sign until it has been well for long enough; null when there is none. */
export interface Spell {
  /** When it began. */
  fromMs: number;
  /** Since when it has been well again; null while it is not. */
  wellSinceMs: number | null;
  /** Whether somebody was told. */
  told: boolean;
}

export interface SpellStep {
  spell: Spell | null;
  tell: 'troubled' | 'recovered' | null;
}

/**
 * What becomes of a spell when a part is in trouble or well at `nowMs`. It is told once it has lasted `lastingMs`, and told as over once the
 * part has been well for as long: a part that comes and goes is one spell, told once. A part of which nothing is known leaves all as it is.
 */
export function followSpell(
  spell: Spell | null,
  state: 'trouble' | 'well' | 'unknown',
  nowMs: number,
  lastingMs: number,
  sinceMs = nowMs,
): SpellStep {
  if (state === 'unknown') return { spell, tell: null };
  if (state === 'well') {
    if (spell === null) return { spell: null, tell: null };
    const wellSinceMs = spell.wellSinceMs ?? nowMs;
    if (nowMs - wellSinceMs < lastingMs) return { spell: { ...spell, wellSinceMs }, tell: null };
    return { spell: null, tell: spell.told ? 'recovered' : null };
  }
  const going: Spell =
    spell === null
      ? { fromMs: Math.min(sinceMs, nowMs), wellSinceMs: null, told: false }
      : { ...spell, wellSinceMs: null };
  if (going.told || nowMs - going.fromMs < lastingMs) return { spell: going, tell: null };
  return { spell: { ...going, told: true }, tell: 'troubled' };
}
