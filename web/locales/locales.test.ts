import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
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
const read = (lang: string, file: string) => flatten(JSON.parse(readFileSync(path.join(root, lang, file), 'utf8')));
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1]).sort();
const files = [...new Set(LANGS.flatMap((lang) => readdirSync(path.join(root, lang))))].sort();

describe.each(files)('%s', (file) => {
  it('has the same keys in both languages', () => {
    const [vi, en] = [read('vi', file), read('en', file)];
    expect([...en.keys()].sort()).toEqual([...vi.keys()].sort());
  });

  it('leaves no text empty', () => {
    for (const lang of LANGS)
      for (const [key, text] of read(lang, file)) expect(text.trim(), `${lang} ${key}`).not.toBe('');
  });

  it('fills the same values into both languages', () => {
    const en = read('en', file);
    for (const [key, text] of read('vi', file))
      expect(placeholders(en.get(key) ?? ''), key).toEqual(placeholders(text));
  });
});

it('Vietnamese has one plural form, so its keys end in _other', () => {
  for (const file of files) {
    const raw = readFileSync(path.join(root, 'vi', file), 'utf8');
    expect(raw, file).not.toMatch(/_(zero|one|two|few|many)"\s*:/);
  }
});

describe('the code and the texts', () => {
  const web = path.join(root, '..');
  const sources = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
  );
  const known = new Map(files.map((file) => [path.basename(file, '.json'), branches(read('vi', file))]));
  const names = new Set(known.keys());

  /** Keys of texts and of the branches above them, plural endings left out. */
  function branches(flat: Map<string, string>): Set<string> {
    const all = new Set<string>();
    for (const key of flat.keys()) {
      const parts = key.replace(/_#$/, '').split('.');
      for (let length = 1; length <= parts.length; length++) all.add(parts.slice(0, length).join('.'));
    }
    return all;
  }

  it.each(sources)('%s names only texts that exist', (file) => {
    const code = readFileSync(path.join(web, file), 'utf8');
    const used = [...code.matchAll(/(?:useTranslation\(|TFunction<)([^)>]*)/g)].flatMap((m) => [
      ...(m[1] ?? '').matchAll(/'(\w+)'/g),
    ]);
    const namespaces = ['common', ...used.map((m) => m[1] ?? '')].filter((name) => names.has(name));
    const missing = [...code.matchAll(/\bt\('([\w.:]+)'/g)]
      .map((m) => m[1] ?? '')
      .filter((full) => {
        const [namespace, key] = full.includes(':') ? (full.split(':') as [string, string]) : [null, full];
        return !(namespace === null ? namespaces : [namespace]).some((name) => known.get(name)?.has(key));
      });
    expect(missing).toEqual([]);
  });
});
