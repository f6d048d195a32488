import { describe, expect, test } from 'vitest';
import { OnvifError } from './errors.ts';
import { all, at, decodeXmlBytes, escapeXml, numberAt, parseXmlDocuments, textAt } from './xml.ts';

const parse = (text: string) => parseXmlDocuments(text)[0];

function refusal(text: string): string | undefined {
  try {
    parseXmlDocuments(text);
    return undefined;
  } catch (error) {
    return error instanceof OnvifError ? `${error.failure} ${error.detail}` : String(error);
  }
}

describe('parsing', () => {
  test('drops prefixes, keeps order and repetition, decodes entities once and leaves CDATA alone', () => {
    const root = parse(
      '<?xml version="1.0"?><a:r xmlns:a="u" t:k="&lt;1&#x2F;"><b>1</b><c>x &amp;lt; &#233;</c><b><![CDATA[<&amp;>]]></b></a:r>',
    );
    expect(root?.name).toBe('r');
    expect(root?.attributes.get('k')).toBe('<1/');
    expect(all(root, 'b').map((element) => element.text)).toEqual(['1', '<&amp;>']);
    expect(textAt(root, 'c')).toBe('x &lt; é');
    expect(root?.children.map((child) => child.name)).toEqual(['b', 'c', 'b']);
  });

  test('answers a path that ends early with nothing', () => {
    const root = parse('<r><a><n> 12.5 </n><s>12 Mbit</s></a></r>');
    expect([at(root, 'x', 'y'), textAt(root, 'a', 'x'), numberAt(root, 'a', 's'), numberAt(root, 'a', 'n')]).toEqual([
      undefined,
      null,
      null,
      12.5,
    ]);
  });

  test('keeps version strings and leading zeros as they are', () => {
    const root = parse('<r><v>2.60</v><s>007</s><e>1e3</e></r>');
    expect([textAt(root, 'v'), textAt(root, 's'), numberAt(root, 'e')]).toEqual(['2.60', '007', null]);
  });

  test('finds every document of a body', () => {
    const two =
      '<?xml version="1.0"?><s:Envelope><a/></s:Envelope>\n<?xml version="1.0"?><s:Envelope><b/></s:Envelope>';
    expect(parseXmlDocuments(two).map((root) => root.children[0]?.name)).toEqual(['a', 'b']);
    expect(
      parseXmlDocuments(two.replaceAll('<?xml version="1.0"?>', '')).map((root) => root.children[0]?.name),
    ).toEqual(['a', 'b']);
  });

  test('refuses document types, entities and names that are not safe, and caps depth and count', () => {
    expect(refusal('<!doctype a><a/>')).toBe('malformed document_type');
    expect(refusal('<a><!ENTITY x "y"></a>')).toBe('malformed document_type');
    expect(refusal('<a><__proto__/></a>')).toBe('malformed not_xml');
    expect(refusal(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)).toBe('malformed too_deep');
    expect(refusal(`<a>${'<b/>'.repeat(50_000)}</a>`)).toBe('malformed too_many_elements');
    expect(textAt(parse('<a><b>&unknown;</b></a>'), 'b')).toBe('&unknown;');
    expect(refusal('<a><constructor>x</constructor></a>')).toBe('malformed not_xml');
    expect(textAt(parse('<a/>'), 'toString')).toBeNull();
  });

  test.each(['<a><b>x</a>', '<a><b>', '<a', 'text', '<a/><b/>', '<a b="1></a>'])(
    'refuses what is not well formed: %s',
    (text) => {
      expect(refusal(text)).toBe('malformed not_xml');
    },
  );

  const n = 1_000_000;
  test.each([
    ['<a>', ' '.repeat(n), '</a>'],
    ['', ' '.repeat(n), 'x'],
    ['<a>', '&'.repeat(n), '</a>'],
    ['<a ', '"'.repeat(n), '>'],
    ['<a', ' '.repeat(n), 'b>'],
    ['<', 'a:'.repeat(n / 2), '>'],
    ['<a ', Array.from({ length: 60_000 }, (_, i) => `b${i}="1"`).join(' '), '/>'],
    ['<a><!--', '-'.repeat(n), '</a>'],
    ['<a>', '<![CDATA['.repeat(30_000), '</a>'],
    ['', '<?xml ?>'.repeat(30_000), ''],
    ['', '</s:Envelope>'.repeat(30_000), ''],
  ])('ends in time on a megabyte of nonsense (%s…)', (start, middle, end) => {
    refusal(start + middle + end);
  });
});

test('escaped text is ASCII and comes back as it was', () => {
  const text = `quản <trị> & "cô" 'thầy' ✓ 😀`;
  const escaped = escapeXml(text);
  expect(escaped).toMatch(/^[\x20-\x7e]*$/);
  expect(textAt(parse(`<r><a>${escaped}</a></r>`), 'a')).toBe(text);
  expect(escapeXml('a\0\x07b')).toBe('ab');
});

test.each([
  [Buffer.from('\uFEFF<a>é</a>', 'utf8'), undefined, 'é'],
  [Buffer.from('\uFEFF<a>é</a>', 'utf16le'), undefined, 'é'],
  [Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1'), undefined, 'é'],
  [Buffer.from('<a>\xe9</a>', 'latin1'), 'text/xml; charset=iso-8859-1', 'é'],
  [Buffer.from('<a>\xe9</a>', 'latin1'), 'text/xml; charset=nonsense', '\uFFFD'],
])('the encoding of an answer is found out (%#)', (bytes, contentType, expected) => {
  expect(decodeXmlBytes(bytes, contentType)).toContain(`<a>${expected}</a>`);
});
