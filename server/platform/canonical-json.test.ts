import { expect, test } from 'vitest';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

test('keys are sorted at every depth, lists keep their order, nothing is padded', () => {
  expect(canonicalJson({ b: [3, { z: null, a: true }], a: 'x', A: 1.5 })).toBe(
    '{"A":1.5,"a":"x","b":[3,{"a":true,"z":null}]}',
  );
});

test('two ways to write the same value end in the same bytes', () => {
  const one = JSON.parse('{ "name": "L\\u00ea", "n": 1.0, "big": 1e21 }') as JsonValue;
  const two = JSON.parse('{"big":1000000000000000000000,"n":1,"name":"Lê"}') as JsonValue;
  expect(canonicalJson(one)).toBe(canonicalJson(two));
  expect(canonicalJson(one)).toBe('{"big":1e+21,"n":1,"name":"Lê"}');
});

test('keys sort by UTF-16 code units, as the RFC has it', () => {
  expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ud83d\ude00': 3, '\ufb33': 4, '1': 5 })).toBe(
    '{"\\r":2,"1":5,"\u20ac":1,"\ud83d\ude00":3,"\ufb33":4}',
  );
});

test('what JSON cannot say is refused', () => {
  expect(() => canonicalJson({ x: Number.NaN })).toThrow(TypeError);
  expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(TypeError);
});
