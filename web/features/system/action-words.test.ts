import { describe, expect, it } from 'vitest';
import { incidentState } from '../../../server/contracts/incidents.ts';
import { leafPaths } from './action-words.ts';

const texts = import.meta.glob<{ actions: unknown }>('../../locales/*/system.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(
  [
    '../../../server/{access,cameras,supervision,http}/**/*.ts',
    '../../../server/*.ts',
    '!../../../server/**/*.test.ts',
  ],
  { eager: true, query: '?raw', import: 'default' },
);

/** Files, fields of requests and of the configuration are written the same way. */
const noAction = /\.(yaml|pem|html|js|sqlite)$|^(rtsp|server)\.|^archive\.folder$/;

/** Whatever the server may write into its log: words with a dot between, but for events that are told and listened to. */
const actions = new Set([
  ...Object.values(sources)
    .flatMap((source) => [...source.matchAll(/(?<!\b(?:emit|on)\()'([a-z_]+\.[a-z_]+)'(?!\??:)/g)])
    .map((m) => m[1] ?? '')
    .filter((action) => !noAction.test(action)),
  ...incidentState.exclude(['flagged']).options.map((state) => `incident.${state}`),
]);

it('the words of the log name actions by the path that leads to them', () => {
  expect(leafPaths({ session: { created: 'Đăng nhập', ended: 'Đăng xuất' }, x: 'y' })).toEqual([
    'session.created',
    'session.ended',
    'x',
  ]);
});

describe.each(['vi', 'en'])('the words of the log in %s', (lang) => {
  const known = leafPaths(texts[`../../locales/${lang}/system.json`]?.actions);

  it('name every action that the server writes', () => {
    expect(actions.size).toBeGreaterThan(50);
    expect([...actions].filter((action) => !known.includes(action)).sort()).toEqual([]);
  });

  it('name no action that the server never writes', () => {
    expect(known.filter((action) => !actions.has(action))).toEqual([]);
  });
});
