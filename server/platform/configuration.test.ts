import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration } from './configuration.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-configuration-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function withFile(text: string) {
  writeFileSync(join(folder, 'city.yaml'), text);
  return () => loadConfiguration({ LIENTHONG_CONFIG: 'city.yaml' }, folder);
}

test('without a file the defaults hold, and data lies in the working directory', () => {
  const configuration = loadConfiguration({}, folder);
  expect(configuration).toMatchObject({
    dataDir: join(folder, 'data'),
    server: { port: 8443 },
    cameras: { allowLoopback: false },
  });
});

test('a file is laid over the defaults key by key; its paths are meant from where it stands', () => {
  const configuration = withFile('city: ./units\narchive: { retentionDays: 7 }\n')();
  expect(configuration.city).toBe(join(folder, 'units'));
  expect(configuration.archive).toEqual({ folder: '', volumes: [], retentionDays: 7, quotaBytes: 0 });
});

test('the database is SQLite unless an address of PostgreSQL is named; its password file is meant from where the file stands', () => {
  expect(loadConfiguration({}, folder).database).toEqual({ url: '', passwordFile: '', connections: 10 });
  const { database } = withFile('database: { url: "postgres://lt@db/lt", passwordFile: secrets/db }\n')();
  expect(database).toEqual({ url: 'postgres://lt@db/lt', passwordFile: join(folder, 'secrets/db'), connections: 10 });
});

test('no mail is sent unless a server is named; the settings of notifications are laid over one by one', () => {
  expect(loadConfiguration({}, folder).notifications.mail.host).toBe('');
  const mail = 'mail: { host: smtp.local, from: "Giám sát <a@b.vn>", user: a, passwordFile: secrets/mail }';
  const { notifications } = withFile(`notifications: { keepDays: 30, ${mail}, digest: { times: ["06:30"] } }\n`)();
  expect(notifications).toMatchObject({
    keepDays: 30,
    perPersonHour: 60,
    digest: { times: ['06:30'], workingDaysOnly: true },
    mail: { host: 'smtp.local', port: 587, security: 'starttls', passwordFile: join(folder, 'secrets/mail') },
    webhooks: { allowLoopback: false },
  });
});

test('proxies are trusted by address or network', () => {
  const proxies = ['10.0.0.2', '10.1.0.0/16', '::1', 'fd00::/8'];
  const { server } = withFile(`server: { trustedProxies: ${JSON.stringify(proxies)} }\n`)();
  expect(server.trustedProxies).toEqual(proxies);
});

test('the environment decides port and data directory', () => {
  const configuration = loadConfiguration({ LIENTHONG_PORT: '9000', LIENTHONG_DATA_DIR: 'elsewhere' }, folder);
  expect(configuration.server.port).toBe(9000);
  expect(configuration.dataDir).toBe(join(folder, 'elsewhere'));
  expect(() => loadConfiguration({ LIENTHONG_PORT: '99999' }, folder)).toThrow('LIENTHONG_PORT');
});

test.each([
  ['servr: {}\n', 'servr'],
  ['server: { port: eighty }\n', 'server.port'],
  ['database: { url: "mysql://db/lt" }\n', 'database.url'],
  ['database: { connections: 0 }\n', 'database.connections'],
  ['archive: { retentionDays: 0 }\n', 'archive.retentionDays'],
  ['cameras: { allowedNetworks: [10.0.0.0] }\n', 'cameras.allowedNetworks'],
  ['server: { certificate: a.pem }\n', 'certificate'],
  ['notifications: { mail: { host: smtp.local } }\n', 'notifications.mail.from'],
  ['notifications: { mail: { user: a } }\n', 'notifications.mail'],
  ['notifications: { mail: { from: "a@b.vn, c@d.vn" } }\n', 'notifications.mail.from'],
  ['notifications: { digest: { times: ["7:00"] } }\n', 'notifications.digest.times[0]'],
  ['server: { trustedProxies: [proxy.local] }\n', 'server.trustedProxies'],
  ['server: { trustedProxies: [10.0.0.0/33] }\n', 'server.trustedProxies'],
])('%s stops the start and names file and place', (text, place) => {
  const load = withFile(text);
  expect(load).toThrow(join(folder, 'city.yaml'));
  expect(load).toThrow(place);
});

test('a missing file stops the start and is named', () => {
  expect(() => loadConfiguration({ LIENTHONG_CONFIG: 'none.yaml' }, folder)).toThrow(join(folder, 'none.yaml'));
});
