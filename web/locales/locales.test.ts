import { describe, expect, it } from 'vitest';

const texts = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' });
const code = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}'], {
  eager: true,
  query: '?raw',
  import: 'default',
});
const LANGS = ['vi', 'en'] as const;
type Texts = { [key: string]: string | Texts };

/** Every key by its path; plural endings fall together, since the languages have different plural forms. */
function flatten(texts: Texts, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + key.replace(/_(zero|one|two|few|many|other)$/, '_#'), value);
    else for (const [k, v] of flatten(value, `${prefix}${key}.`)) flat.set(k, v);
  }
  return flat;
}
const read = (lang: string, namespace: string) => flatten(texts[`./${lang}/${namespace}.json`] ?? {});
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1]).sort();
const namespaces = [...new Set(Object.keys(texts).map((file) => file.replace(/^.*\/|\.json$/g, '')))].sort();

describe.each(namespaces)('%s', (namespace) => {
  it('has the same keys in both languages', () => {
    const [vi, en] = [read('vi', namespace), read('en', namespace)];
    expect([...en.keys()].sort()).toEqual([...vi.keys()].sort());
  });

  it('leaves no text empty', () => {
    for (const lang of LANGS)
      for (const [key, text] of read(lang, namespace)) expect(text.trim(), `${lang} ${key}`).not.toBe('');
  });

  it('fills the same values into both languages', () => {
    const en = read('en', namespace);
    for (const [key, text] of read('vi', namespace))
      expect(placeholders(en.get(key) ?? ''), key).toEqual(placeholders(text));
  });
});

it('Vietnamese has one plural form, so its keys end in _other', () => {
  for (const namespace of namespaces) {
    const written = JSON.stringify(texts[`./vi/${namespace}.json`]);
    expect(written, namespace).not.toMatch(/_(zero|one|two|few|many)":/);
  }
});

describe('the code and the texts', () => {
  const known = new Map(namespaces.map((namespace) => [namespace, branches(read('vi', namespace))]));

  /** Keys of texts and of the branches above them, plural endings left out. */
  function branches(flat: Map<string, string>): Set<string> {
    const all = new Set<string>();
    for (const key of flat.keys()) {
      const parts = key.replace(/_#$/, '').split('.');
      for (let length = 1; length <= parts.length; length++) all.add(parts.slice(0, length).join('.'));
    }
    return all;
  }

  it.each(Object.keys(code))('%s names only texts that exist', (file) => {
    const source = code[file] ?? '';
    const used = [...source.matchAll(/(?:useTranslation\(|TFunction<)([^)>]*)/g)].flatMap((m) =>
      [...(m[1] ?? '').matchAll(/'(\w+)'/g)].map((name) => name[1] ?? ''),
    );
    const missing = [...source.matchAll(/\bt\('([\w.:]+)'/g)]
      .map((m) => m[1] ?? '')
      .filter((full) => {
        const [namespace, key] = full.includes(':') ? full.split(':') : [undefined, full];
        const where = namespace === undefined ? ['common', ...used] : [namespace];
        return !where.some((name) => known.get(name)?.has(key ?? ''));
      });
    expect(missing).toEqual([]);
  });
});
