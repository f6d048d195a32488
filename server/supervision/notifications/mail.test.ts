import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NotificationsBench, openNotificationsBench } from '../../../test/support/notifications.ts';
import { openSmtp, type SmtpStandIn } from '../../../test/support/smtp.ts';
import { until } from '../../../test/support/until.ts';
import { ownCertificate } from '../../http/tls.ts';
import { createMailSender, type MailServer } from './mail-sender.ts';
import { lostAfterMs } from './outbox.ts';
import type { NoticePerson } from './sources.ts';

const minuteMs = 60_000;
let bench: NotificationsBench;
let smtp: SmtpStandIn;
let office: NoticePerson;
let flagger: NoticePerson;
let head: NoticePerson;

const server = (port: number, more: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  user: '',
  password: '',
  from: 'Liên Thông <giamsat@example.vn>',
  replyTo: '',
  ...more,
});

beforeEach(async () => {
  smtp = await openSmtp();
  bench = await openNotificationsBench({ mail: createMailSender(server(smtp.port)) });
  flagger = await bench.person('inspector', 'lan');
  office = await bench.person('home_affairs');
  head = await bench.person('unit_head', 'head', 'hong-ha');
});
afterEach(async () => {
  await bench.close();
  await smtp.close();
});

/** Gives the person an address that is confirmed. */
async function verified(person: NoticePerson): Promise<void> {
  const nowMs = bench.clock.nowMs();
  const row = { account_id: person.userId, address: `${person.username}@example.vn`, verified_at_ms: nowMs };
  const code = { code_hash: null, code_expires_ms: null, code_tries: 0, changed_at_ms: nowMs };
  await bench.database.kysely
    .insertInto('mail_addresses')
    .values({ ...row, ...code })
    .execute();
}

/** A case of the unit, sent to its head. */
function send(id = 'c1', more = {}): void {
  bench.case(id, flagger, { sent: true, ...more });
  bench.notifications.handle({ what: 'step', incidentId: id, step: 'request_explanation', actorId: office.userId });
}
const delivered = async (kind: string) =>
  (await bench.notifications.deliveries.list({ limit: 50 })).items.filter((one) => one.kind === kind);

describe('an address', () => {
  it('gets nothing but its code until the person has entered it', async () => {
    await bench.notifications.addresses.set(head, head.userId, 'head@example.vn', '10.0.0.9');
    await bench.work();
    expect(smtp.received.map(({ to }) => to)).toEqual([['head@example.vn']]);
    send();
    await bench.work();
    bench.clock.advance(2 * minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
    const code = /\d{8}/.exec(smtp.received[0]?.text ?? '')?.[0] ?? '';
    const wrong = code === '00000000' ? '00000001' : '00000000';
    const { addresses, settings } = bench.notifications;
    await expect(addresses.verify(head, wrong, '')).rejects.toMatchObject({ code: 'mail_code_wrong' });
    await expect(addresses.verify(office, code, '')).rejects.toMatchObject({ code: 'mail_unknown' });
    await addresses.verify(head, code, '');
    expect((await settings.present(head)).mail).toEqual({ address: 'head@example.vn', verified: true });
    expect(bench.audited.map(({ action }) => action)).toEqual(['account.mail_set', 'account.mail_verified']);
  });

  it('is not to be had by guessing: ten tries, a day, five codes an hour', async () => {
    const { addresses } = bench.notifications;
    await addresses.set(head, head.userId, 'head@example.vn', '');
    await bench.work();
    const code = /\d{8}/.exec(smtp.received[0]?.text ?? '')?.[0] ?? '';
    const wrong = code === '00000000' ? '00000001' : '00000000';
    await Promise.allSettled(Array.from({ length: 10 }, () => addresses.verify(head, wrong, '')));
    await expect(addresses.verify(head, code, '')).rejects.toMatchObject({ code: 'mail_code_wrong' });
    for (let i = 0; i < 4; i++) await addresses.set(head, head.userId, 'head@example.vn', '');
    await expect(addresses.resend(head, head.userId, '')).rejects.toMatchObject({ code: 'mail_codes_too_many' });
    await bench.work();
    const last = /\d{8}/.exec(smtp.received.at(-1)?.text ?? '')?.[0] ?? '';
    bench.clock.advance(25 * 60 * minuteMs);
    await expect(addresses.verify(head, last, '')).rejects.toMatchObject({ code: 'mail_code_wrong' });
  });
});

describe('a mail', () => {
  it('says in plain text and HTML what its reader may see, and breaks out of nothing', async () => {
    await verified(head);
    const made = bench.case('c1', flagger, { sent: true });
    made.summary.unitName = 'Phường <b>Hồng Hà</b>\r\nBcc: x@example.vn';
    bench.notifications.handle({ what: 'step', incidentId: 'c1', step: 'request_explanation', actorId: office.userId });
    await bench.work();
    expect(smtp.received).toEqual([]);
    bench.clock.advance(minuteMs);
    await bench.work();
    const [mail] = smtp.received;
    expect(mail?.to).toEqual(['head@example.vn']);
    expect(mail?.headers).toContain('Subject: [Liên Thông] Yêu cầu giải trình vụ việc VV-2026-0001');
    expect(mail?.headers.some((line) => /^bcc:/i.test(line))).toBe(false);
    expect(mail?.text).toContain('https://giamsat.example.vn/incidents/c1');
    expect(mail?.text).toContain('Vắng mặt không lý do');
    expect(mail?.text).toContain('Phường &lt;b&gt;Hồng Hà&lt;/b&gt;');
    expect(mail?.text).not.toMatch(/Người lan|Ghi chú/);
    expect(mail?.source).not.toMatch(/content-disposition: attachment/i);
    const [entry] = await delivered('case_sent');
    expect(mail?.headers).toContain(`Message-ID: <${entry?.id}@example.vn>`);
  });

  it('is not sent of what its reader has lost meanwhile, nor of what was switched off', async () => {
    await verified(head);
    send('c1');
    await bench.work();
    const lost = bench.cases.get('c1');
    if (lost !== undefined) lost.sent = false;
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(await delivered('case_sent')).toMatchObject([{ state: 'dropped' }]);
    send('c2');
    await bench.work();
    await bench.notifications.settings.patch(head, { choices: { case_sent: { console: true, mail: false } } });
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(smtp.received).toEqual([]);
  });

  it('about many at once is one, in the language of its reader', async () => {
    await verified(head);
    await bench.notifications.settings.patch(head, { language: 'en' });
    for (let i = 1; i <= 40; i++) send(`c${i}`);
    await bench.work();
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]?.headers).toContain('Subject: [Liên Thông] 40 incidents to explain');
    expect(smtp.received[0]?.text).toContain('and 37 more');
  });

  it('beyond the bound of an hour is summed up at its end', async () => {
    await bench.restart({
      mail: createMailSender(server(smtp.port)),
      settings: { mail: { atOnce: 2, perPersonHour: 3 } },
    });
    await verified(head);
    for (let i = 1; i <= 8; i++) {
      send(`c${i}`);
      await bench.work();
      bench.clock.advance(90_000);
      await bench.work();
    }
    expect(smtp.received).toHaveLength(3);
    bench.clock.advance(60 * minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(4);
    expect(smtp.received[3]?.headers).toContain('Subject: [Liên Thông] 5 thông báo khác trong giờ qua');
    expect(smtp.received[3]?.text).toContain('VV-2026-0008');
  });

  it('of a digest comes at its hour with the numbers, once, also after a restart', async () => {
    const leader = await bench.person('leader');
    await verified(leader);
    bench.case('c1', flagger);
    bench.clock.advance(21.5 * 60 * minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]?.headers).toContain('Subject: [Liên Thông] Tổng hợp tình hình ngày 25/11/2026');
    expect(smtp.received[0]?.text).toMatch(/Vụ việc đang mở: 1[\s\S]*Mới ghi nhận: 1[\s\S]*Quá hạn: 0[\s\S]*99,5 %/);
    await bench.restart();
    await bench.work();
    expect(smtp.received).toHaveLength(1);
  });

  it('waits through quiet hours', async () => {
    await verified(head);
    await bench.notifications.settings.patch(head, { quietHours: { from: '09:00', to: '10:00' } });
    send();
    await bench.work();
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(smtp.received).toEqual([]);
    expect(await delivered('case_sent')).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    bench.clock.advance(29 * minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
  });
});

describe('the outbox', () => {
  it('tries again after a 4xx and gives up at a 5xx, which the administrator is told and can begin anew', async () => {
    const admin = await bench.person('admin');
    await verified(head);
    smtp.refuse = { code: 451, message: '4.3.0 Mailbox busy' };
    send();
    await bench.work();
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(await delivered('case_sent')).toMatchObject([
      { state: 'waiting', attempts: 1, failure: { code: 'mail_refused', detail: expect.stringContaining('busy') } },
    ]);
    smtp.refuse = { code: 550, message: '5.1.1 No such mailbox' };
    bench.clock.advance(minuteMs);
    await bench.work();
    const [dead] = await delivered('case_sent');
    expect(dead).toMatchObject({ state: 'dead', attempts: 2, to: 'Người head' });
    const told = (await bench.notifications.notices.list(admin, { limit: 10 })).items;
    expect(told.map(({ kind }) => kind)).toEqual(['delivery_failed']);
    smtp.refuse = null;
    await bench.notifications.deliveries.resend(admin, dead?.id ?? '', '');
    await bench.work();
    expect(smtp.received).toHaveLength(1);
    const again = bench.notifications.deliveries.resend(admin, dead?.id ?? '', '');
    await expect(again).rejects.toMatchObject({ code: 'delivery_not_dead' });
  });

  it('keeps what waits while the server is away, through a restart, and delivers it once the server is back', async () => {
    await verified(head);
    send();
    await bench.work();
    const { port } = smtp;
    await smtp.close();
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(await delivered('case_sent')).toMatchObject([
      { state: 'waiting', failure: { code: 'mail_server_unreachable' } },
    ]);
    await bench.restart();
    smtp = await openSmtp({ port });
    bench.clock.advance(minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
    bench.clock.advance(24 * 60 * minuteMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
  });

  it('makes an attempt again that died with its process, once it is taken to be lost, under the same id', async () => {
    await verified(head);
    send();
    await bench.work();
    bench.clock.advance(minuteMs);
    const [entry] = await delivered('case_sent');
    // As a process leaves it that was killed: taken, and never heard of again.
    await bench.database.kysely
      .updateTable('deliveries')
      .set({ attempts: 1, next_at_ms: bench.clock.nowMs() + lostAfterMs })
      .execute();
    await bench.restart();
    await bench.work();
    expect(smtp.received).toEqual([]);
    bench.clock.advance(lostAfterMs);
    await bench.work();
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]?.headers).toContain(`Message-ID: <${entry?.id}@example.vn>`);
  });

  it('has no more than two mails under way at once, and whoever causes them does not wait', async () => {
    let release = () => {};
    smtp.hold = new Promise((resolve) => {
      release = resolve;
    });
    const people = [];
    for (let i = 1; i <= 6; i++) people.push(await bench.person('unit_head', `head${i}`, 'hong-ha'));
    for (const person of people)
      await bench.notifications.addresses.set(person, person.userId, `${person.username}@example.vn`, '');
    await bench.notifications.tick();
    await until(() => smtp.mostAtOnce === 2);
    await bench.notifications.tick();
    release();
    await until(async () => {
      await bench.work();
      return smtp.received.length === 6;
    });
    expect(smtp.mostAtOnce).toBe(2);
  });

  it('breaks off what is under way when it stops, and tries it again at the next start', async () => {
    smtp.hold = new Promise(() => {});
    await bench.notifications.addresses.set(head, head.userId, 'head@example.vn', '');
    await bench.notifications.tick();
    await until(() => smtp.mostAtOnce === 1);
    await bench.restart();
    expect(await delivered('verification')).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    smtp.hold = null;
    await bench.work();
    expect(smtp.received).toHaveLength(1);
  });
});

describe('the mail server', () => {
  const signal = new AbortController().signal;
  const mail = { subject: 's', text: 't', html: '<p>t</p>' };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-smtp-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is spoken to over STARTTLS or TLS with a certificate that is checked, signed in', async () => {
    const tls = await ownCertificate(folder, [], Date.now());
    const pem = { key: String(tls.key), cert: String(tls.cert) };
    for (const [security, secure] of [
      ['starttls', false],
      ['tls', true],
    ] as const) {
      const protectedServer = await openSmtp({ tls: pem, secure, password: 'bí mật' });
      const options = { host: 'localhost', security, user: 'giamsat', password: 'bí mật' };
      const known = createMailSender(server(protectedServer.port, { ...options, ca: pem.cert }));
      expect(await known.send('a@example.vn', mail, 'm1', signal)).toEqual({ kind: 'sent' });
      expect(protectedServer.received).toMatchObject([{ secure: true, user: 'giamsat', from: 'giamsat@example.vn' }]);
      const strange = createMailSender(server(protectedServer.port, options));
      expect(await strange.send('a@example.vn', mail, 'm2', signal)).toMatchObject({
        code: 'mail_tls_failed',
        permanent: false,
      });
      const wrong = createMailSender(server(protectedServer.port, { ...options, ca: pem.cert, password: 'sai' }));
      expect(await wrong.send('a@example.vn', mail, 'm3', signal)).toMatchObject({
        code: 'mail_auth_failed',
        permanent: false,
      });
      expect(protectedServer.received).toHaveLength(1);
      await protectedServer.close();
    }
  });

  it('gets neither password nor mail where STARTTLS is required and not offered', async () => {
    const strict = createMailSender(server(smtp.port, { security: 'starttls', user: 'giamsat', password: 'x' }));
    expect(await strict.send('a@example.vn', mail, 'm1', signal)).toMatchObject({ code: 'mail_tls_failed' });
    expect(smtp.received).toEqual([]);
  });

  it('is tested at once, and the answer says what went wrong', async () => {
    const admin = await bench.person('admin');
    expect(await bench.notifications.courier.test(admin, 'a@example.vn')).toEqual({ ok: true, failure: null });
    smtp.refuse = { code: 550, message: '5.7.1 Relaying denied' };
    expect(await bench.notifications.courier.test(admin, 'a@example.vn')).toMatchObject({
      ok: false,
      failure: { code: 'mail_refused', detail: expect.stringContaining('Relaying denied') },
    });
  });
});
