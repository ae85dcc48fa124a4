import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailFacts, renderMail, smtpMailer } from '@billfleet/outbound';
import type { OutgoingMail, SmtpMailer } from '@billfleet/outbound';
import type { MailContent, MailSummary, MailTruth } from './mail-store.js';
import { MailboxModule } from './mailbox.module.js';
import { SmtpListener } from './smtp-listener.js';

let dataDir: string;
let app: NestFastifyApplication;
let mailer: SmtpMailer;
let smtpPort: number;
let baseUrl: string;

const open = async (): Promise<void> => {
  app = await NestFactory.create<NestFastifyApplication>(
    MailboxModule.with({ smtpPort: 0, dataDir }),
    new FastifyAdapter(),
    {
      logger: false,
      abortOnError: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  baseUrl = await app.getUrl();
  smtpPort = app.get(SmtpListener).port();
  mailer = smtpMailer({
    url: `smtp://127.0.0.1:${String(smtpPort)}`,
    from: 'Billing <billing@example.com>',
    timeoutMs: 5_000,
  });
};
const close = async (): Promise<void> => {
  mailer.close();
  await app.close();
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mailbox-'));
  await open();
});
afterEach(async () => {
  await close();
  await rm(dataDir, { recursive: true, force: true });
});

const receipt = renderMail(
  'receipt',
  mailFacts.receipt.parse({
    workspaceName: 'Padaria São João',
    actionPath: '/billing',
    orderNumber: 'BF-1',
    planName: 'Advanced',
    seats: 5,
    amount: { amountMinor: '78000', currency: 'BRL' },
    method: { kind: 'pix' },
    periodMonths: 6,
    startsOn: '2026-09-01',
    endsOn: '2027-03-01',
    paidAt: '2026-09-01T12:00:00Z',
  }),
  { locale: 'pt-BR', timeZone: 'America/Sao_Paulo', publicUrl: 'https://billing.example.com' },
);
const mailNumber = (number: number, changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  messageId: `<note-${String(number)}@billing.example.com>`,
  to: 'ana@example.com',
  ...receipt,
  ...changes,
});

const call = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${baseUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const getJson = async <T>(path: string): Promise<T> => (await (await call('GET', path)).json()) as T;
const messages = async (query = ''): Promise<readonly MailSummary[]> =>
  (await getJson<{ messages: readonly MailSummary[] }>(`/mailbox/messages${query}`)).messages;
const truth = async (): Promise<readonly MailTruth[]> =>
  (await getJson<{ deliveries: readonly MailTruth[] }>('/mailbox/truth')).deliveries;
const setFaults = async (settings: object): Promise<number> => (await call('POST', '/mailbox/faults', settings)).status;

describe('a mail that is sent', () => {
  test('arrives whole, in both parts, with its headers', async () => {
    expect(await mailer.send(mailNumber(1, { headers: { 'Feedback-ID': 'receipt:billfleet' } }))).toEqual({
      kind: 'sent',
    });
    const [summary] = await messages();
    const mail = await getJson<MailContent>(`/mailbox/messages/${String(summary?.id)}`);
    const header = (name: string): string | undefined => mail.headers.find((found) => found.name === name)?.value;
    expect(mail.subject).toBe('Pagamento recebido: R$ 780,00 por Advanced');
    expect(mail.to).toEqual(['ana@example.com']);
    expect(mail.messageId).toBe('<note-1@billing.example.com>');
    expect(mail.text.trim()).toBe(receipt.text.trim());
    expect(mail.html.trim()).toBe(receipt.html);
    expect(header('From')).toBe('Billing <billing@example.com>');
    expect(header('Auto-Submitted')).toBe('auto-generated');
    expect(header('X-Entity-Ref-ID')).toBe('note-1@billing.example.com');
    expect(header('Feedback-ID')).toBe('receipt:billfleet');
    expect(header('Content-Type')).toContain('multipart/alternative');
    expect(header('List-Unsubscribe')).toBeUndefined();
  });

  test('is found by address and subject, newest first', async () => {
    await mailer.send(mailNumber(1));
    await mailer.send(mailNumber(2, { to: 'Bia@example.com', subject: 'Olá' }));
    await mailer.send(mailNumber(3));
    expect((await messages()).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect((await messages('?limit=1')).map(({ id }) => id)).toEqual([3]);
    expect((await messages('?to=bia@EXAMPLE.com')).map(({ id }) => id)).toEqual([2]);
    expect((await messages('?subject=recebido')).map(({ id }) => id)).toEqual([3, 1]);
    expect((await call('GET', '/mailbox/messages?limit=no')).status).toBe(400);
    expect((await call('GET', '/mailbox/messages/99')).status).toBe(404);
  });

  test('is still there after a restart, and the truth counts it for good', async () => {
    await mailer.send(mailNumber(1));
    await mailer.send(mailNumber(1));
    await mailer.send(mailNumber(2));
    expect((await call('DELETE', '/mailbox/messages')).status).toBe(204);
    await mailer.send(mailNumber(3));
    await close();
    await open();
    expect((await messages()).map(({ id }) => id)).toEqual([4]);
    expect((await getJson<MailContent>('/mailbox/messages/4')).text).toContain('R$ 780,00');
    expect(await truth()).toEqual([
      { messageId: '<note-1@billing.example.com>', count: 2 },
      { messageId: '<note-2@billing.example.com>', count: 1 },
      { messageId: '<note-3@billing.example.com>', count: 1 },
    ]);
    await mailer.send(mailNumber(5));
    expect((await messages()).map(({ id }) => id)).toEqual([5, 4]);
  });

  test('loses nothing among many at the same time', async () => {
    const outcomes = await Promise.all(Array.from({ length: 120 }, (_, number) => mailer.send(mailNumber(number))));
    expect(outcomes.every(({ kind }) => kind === 'sent')).toBe(true);
    expect(await truth()).toHaveLength(120);
    expect((await truth()).every(({ count }) => count === 1)).toBe(true);
  });
});

describe('a mail that must not be sent', () => {
  test.each<[string, Partial<OutgoingMail>]>([
    ['two recipients', { to: 'ana@example.com, bia@example.com' }],
    ['a line break in the recipient', { to: 'ana@example.com\r\nBcc: all@example.com' }],
    ['a line break in the subject', { subject: 'Receipt\r\nBcc: all@example.com' }],
    ['a bare line feed in the subject', { subject: 'Receipt\nBcc: all@example.com' }],
    ['a NUL in the subject', { subject: 'Receipt\u0000' }],
    ['a line break in the message id', { messageId: '<a@b>\r\nBcc: all@example.com' }],
    ['a message id without brackets', { messageId: 'a@b' }],
    ['a line break in a header', { headers: { 'X-Tag': 'a\r\nBcc: all@example.com' } }],
    ['a line break in a header name', { headers: { 'X-Tag: a\r\nBcc': 'all@example.com' } }],
    ['a NUL in the body', { text: 'a\u0000b' }],
  ])('is refused for good: %s', async (_, changes) => {
    expect(await mailer.send(mailNumber(1, changes))).toMatchObject({
      kind: 'refused',
      permanent: true,
      code: 'EINVALID',
    });
    expect(await truth()).toEqual([]);
  });
});

describe('with faults', () => {
  test('421 is a refusal for now, and the same mail goes through later', async () => {
    await setFaults({ refuse421: 1 });
    expect(await mailer.send(mailNumber(1))).toMatchObject({ kind: 'refused', permanent: false });
    await setFaults({});
    expect(await mailer.send(mailNumber(1))).toEqual({ kind: 'sent' });
    expect(await truth()).toEqual([{ messageId: '<note-1@billing.example.com>', count: 1 }]);
  });

  test('550 is a refusal for good, and the connection goes on', async () => {
    await setFaults({ refuse550: 1 });
    expect(await mailer.send(mailNumber(1))).toMatchObject({ kind: 'refused', permanent: true, code: '550' });
    await setFaults({});
    expect(await mailer.send(mailNumber(2))).toEqual({ kind: 'sent' });
  });

  test('a connection that is cut after the content leaves it unknown, and is not sent twice', async () => {
    await mailer.send(mailNumber(1));
    await setFaults({ dropAfterData: 1 });
    expect(await mailer.send(mailNumber(2))).toMatchObject({ kind: 'unknown' });
    expect(await truth()).toEqual([
      { messageId: '<note-1@billing.example.com>', count: 1 },
      { messageId: '<note-2@billing.example.com>', count: 1 },
    ]);
  });

  test('the same seed gives the same faults', async () => {
    const play = async (): Promise<string[]> => {
      await setFaults({ refuse550: 0.5, seed: 7 });
      const kinds: string[] = [];
      for (let number = 0; number < 12; number += 1) kinds.push((await mailer.send(mailNumber(number))).kind);
      return kinds;
    };
    const first = await play();
    expect(new Set(first)).toEqual(new Set(['sent', 'refused']));
    expect(await play()).toEqual(first);
  });

  test('settings that make no sense are refused', async () => {
    expect(await setFaults({ refuse421: 2 })).toBe(400);
    expect(await setFaults({ unknown: 1 })).toBe(400);
  });
});

test('a client that hangs up in the middle of a mail leaves nothing behind and breaks nothing', async () => {
  await new Promise<void>((resolve) => {
    const socket = createConnection(smtpPort, '127.0.0.1');
    const script = [
      'EHLO a\r\n',
      'MAIL FROM:<a@example.com>\r\n',
      'RCPT TO:<b@example.com>\r\n',
      'DATA\r\n',
      'Subject: half',
    ];
    socket.on('data', () => {
      const line = script.shift() ?? '';
      socket.write(line, () => {
        if (script.length === 0) socket.destroy();
      });
    });
    socket.on('close', () => {
      resolve();
    });
  });
  expect(await mailer.send(mailNumber(1))).toEqual({ kind: 'sent' });
  expect(await truth()).toEqual([{ messageId: '<note-1@billing.example.com>', count: 1 }]);
});

describe('the pages', () => {
  test('list the mails with links that stay below /dev/mailbox, and run no script', async () => {
    await mailer.send(mailNumber(1, { subject: 'A <script>alert(1)</script>' }));
    const page = await call('GET', '/dev/mailbox?refresh=on');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('A &lt;script&gt;');
    expect(html).toContain('http-equiv="refresh"');
    const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link);
    expect(links).toContain('/dev/mailbox/1');
    expect(links.every((link) => link?.startsWith('/dev/mailbox') === true)).toBe(true);
  });

  test('show a mail as HTML in a sandbox, as text, headers and source', async () => {
    await mailer.send(mailNumber(1));
    const body = async (path: string): Promise<string> => (await call('GET', path)).text();
    expect(await body('/dev/mailbox/1')).toContain(
      'sandbox="allow-popups allow-popups-to-escape-sandbox" src="/dev/mailbox/1/html"',
    );
    expect(await body('/dev/mailbox/1?tab=text')).toContain('R$ 780,00');
    expect(await body('/dev/mailbox/1?tab=headers')).toContain('auto-generated');
    expect(await body('/dev/mailbox/1?tab=source')).toContain('multipart/alternative');
    expect(await body('/dev/mailbox/2')).toContain('No such mail');
    const frame = await call('GET', '/dev/mailbox/1/html');
    expect(frame.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    expect(await frame.text()).toContain('<base target="_blank">');
  });
});

test('a taken port is named', async () => {
  const second = NestFactory.create<NestFastifyApplication>(
    MailboxModule.with({ smtpPort, dataDir: join(dataDir, 'second') }),
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  ).then((other) => other.init());
  await expect(second).rejects.toThrow(`127.0.0.1:${String(smtpPort)}: EADDRINUSE`);
});
