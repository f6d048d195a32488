import type { Mention, Mentionable } from '../../../server/contracts/incident-work.ts';
import type { Role } from '../../../server/contracts/roles.ts';
import { fold, matches } from '../../components/time.ts';

/** Whom one may mention, with the words that stand after the `@`. */
export interface MentionOption {
  label: string;
  /** Shown beside the name of a person: the office. */
  office: string | null;
  mention: Mention;
}

const MOST = 6;

/** Offices first, then people by name. */
export function mentionOptions({ roles, people }: Mentionable, roleName: (role: Role) => string): MentionOption[] {
  return [
    ...roles.map((role) => ({ label: roleName(role), office: null, mention: { role } })),
    ...people.map(({ userId, name, role }) => ({ label: name, office: roleName(role), mention: { userId } })),
  ];
}

/** What is being typed after an `@` that ends at the caret, and where the `@` stands; null where nothing is. */
export function mentionAt(text: string, caret: number): { at: number; query: string } | null {
  const at = text.lastIndexOf('@', caret - 1);
  if (at < 0 || (at > 0 && !/[\s(]/.test(text[at - 1] ?? ''))) return null;
  const query = text.slice(at + 1, caret);
  return query.includes('\n') || query.length > 40 ? null : { at, query };
}

/** The options that the typed letters may mean; none once a whole name has been typed and the sentence goes on. */
export function suggestMentions(options: readonly MentionOption[], query: string): MentionOption[] {
  const asked = fold(query.trim());
  // Names that begin so go before those that hold it; within both the order stays.
  const rank = ({ label }: MentionOption) => (fold(label).startsWith(asked) ? 0 : matches(query, label) ? 1 : 2);
  return options
    .filter(({ label, office }) => matches(query, `${label} ${office ?? ''}`))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST);
}

/** The text with a name in the place of what was typed, and where the caret goes on. */
export function insertMention(text: string, at: number, caret: number, label: string): { text: string; caret: number } {
  const before = `${text.slice(0, at)}@${label} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}

/** A run of a text: words, or the name of somebody mentioned. */
export interface TextRun {
  /** Where the run begins, in characters. */
  at: number;
  text: string;
  mention: boolean;
}

/** Cuts a text at the names that are mentioned in it; a longer name goes before a shorter that it begins with. */
export function runsOf(text: string, labels: readonly string[]): TextRun[] {
  const names = [...new Set(labels)].filter((label) => label !== '').sort((a, b) => b.length - a.length);
  const runs: TextRun[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const name = names.find((label) => text.startsWith(label, at + 1));
    if (name === undefined) continue;
    if (at > from) runs.push({ at: from, text: text.slice(from, at), mention: false });
    runs.push({ at, text: `@${name}`, mention: true });
    from = at + 1 + name.length;
    at = from - 1;
  }
  if (from < text.length) runs.push({ at: from, text: text.slice(from), mention: false });
  return runs;
}

/** The mentions that a text holds, each once. */
export function mentionsIn(text: string, options: readonly MentionOption[]): Mention[] {
  const named = new Set(
    runsOf(
      text,
      options.map(({ label }) => label),
    )
      .filter((run) => run.mention)
      .map((run) => run.text.slice(1)),
  );
  const seen = new Set<string>();
  return options.flatMap(({ label, mention }) => {
    if (!named.has(label) || seen.has(label)) return [];
    seen.add(label);
    return [mention];
  });
}
