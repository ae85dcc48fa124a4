import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { qrPicture } from './mail-templates/qr-picture.js';
import type { MailPicture } from './mail-templates/qr-picture.js';
import { smtpMailer } from './smtp-mailer.js';
import type { OutgoingMail, SmtpMailer } from './smtp-mailer.js';

/** What the scripted server says at each step, unless it is the usual; `silence` says nothing, `cut` closes the connection. */
type Script = {
  readonly greeting?: string;
  readonly ehlo?: string;
  readonly auth?: string;
  readonly mailFrom?: string;
  readonly rcptTo?: string;
  readonly data?: string;
  readonly content?: string;
  readonly hangsUpAfterMail?: boolean;
};

type Seen = { connections: number; contents: string[] };

let server: Server | undefined;
let mailer: SmtpMailer | undefined;
const sockets = new Set<Socket>();

afterEach(async () => {
  mailer?.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

const startServer = async (script: Script): Promise<{ port: number; seen: Seen }> => {
  const seen: Seen = { connections: 0, contents: [] };
  server = createServer((socket) => {
    seen.connections += 1;
    sockets.add(socket);
    converse(socket, script, seen);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
};

const converse = (socket: Socket, script: Script, seen: Seen): void => {
  let buffer = '';
  let inContent = false;
  socket.setEncoding('utf8').on('error', () => undefined);
  socket.write(`${script.greeting ?? '220 test'}\r\n`);
  socket.on('data', (chunk: string) => {
    buffer += chunk;
    const end = inContent ? '\r\n.\r\n' : '\r\n';
    for (let at = buffer.indexOf(end); at !== -1; at = buffer.indexOf(end)) {
      const line = buffer.slice(0, at);
      buffer = buffer.slice(at + end.length);
      if (inContent) {
        inContent = false;
        seen.contents.push(line);
        afterContent(socket, script);
        return;
      }
      const reply = replyTo(line, script);
      inContent = reply.startsWith('354');
      if (reply !== 'silence') socket.write(`${reply}\r\n`);
      if (inContent) return;
    }
  });
};

const replyTo = (line: string, script: Script): string => {
  if (line.startsWith('EHLO')) return script.ehlo ?? '250 test';
  if (line.startsWith('AUTH')) return script.auth ?? '235 welcome';
  if (line.startsWith('MAIL')) return script.mailFrom ?? '250 ok';
  if (line.startsWith('RCPT')) return script.rcptTo ?? '250 ok';
  if (line.startsWith('DATA')) return script.data ?? '354 go on';
  return '250 ok';
};

const afterContent = (socket: Socket, script: Script): void => {
  const reply = script.content ?? '250 stored';
  if (reply === 'cut') socket.destroy();
  else if (reply !== 'silence') socket.write(`${reply}\r\n`);
  if (script.hangsUpAfterMail === true) socket.end();
};

const mail: OutgoingMail = {
  messageId: '<note-1@billing.example.com>',
  to: 'ana@example.com',
  subject: 'Receipt',
  html: '<p>Receipt</p>',
  text: 'Receipt',
};
const mailerTo = (port: number, options: { timeoutMs?: number; credentials?: string } = {}): SmtpMailer => {
  mailer = smtpMailer({
    url: `smtp://${options.credentials ?? ''}127.0.0.1:${String(port)}`,
    from: 'Billing <billing@example.com>',
    timeoutMs: options.timeoutMs ?? 3_000,
    maxConnections: 1,
  });
  return mailer;
};

describe('surely not delivered', () => {
  test.each<[string, Script, boolean, string]>([
    ['the sender is refused for now', { mailFrom: '451 later' }, false, '451'],
    ['the sender is refused for good', { mailFrom: '553 never' }, true, '553'],
    ['the content is refused for now', { content: '452 disk full' }, false, '452'],
    ['the content is refused for good', { content: '554 looks like spam' }, true, '554'],
    ['the session was out of step', { content: '503 bad sequence' }, false, '503'],
    ['the server is closed to us', { greeting: '554 go away' }, false, '554'],
  ])('%s', async (_, script, permanent, code) => {
    const { port } = await startServer(script);
    expect(await mailerTo(port).send(mail)).toMatchObject({ kind: 'refused', permanent, code });
  });

  test('wrong credentials are our fault, not the end of the mail', async () => {
    const { port, seen } = await startServer({ ehlo: '250-test\r\n250 AUTH PLAIN', auth: '535 wrong password' });
    const outcome = await mailerTo(port, { credentials: 'user:pass@' }).send(mail);
    expect(outcome).toMatchObject({ kind: 'refused', permanent: false, code: '535' });
    expect(seen.contents).toEqual([]);
    await expect(mailer?.verify()).rejects.toThrow('535');
  });

  test('nobody listens', async () => {
    expect(await mailerTo(1).send(mail)).toMatchObject({ kind: 'refused', permanent: false, code: 'ESOCKET' });
  });

  test('the server falls silent before the content', async () => {
    const { port } = await startServer({ data: 'silence' });
    expect(await mailerTo(port, { timeoutMs: 200 }).send(mail)).toMatchObject({ kind: 'refused', permanent: false });
  });
});

describe('perhaps delivered', () => {
  test.each<[string, Script]>([
    ['the connection is cut after the content', { content: 'cut' }],
    ['the server falls silent after the content', { content: 'silence' }],
    ['the server shuts down after the content', { content: '421 shutting down' }],
  ])('%s', async (_, script) => {
    const { port, seen } = await startServer(script);
    expect(await mailerTo(port, { timeoutMs: 300 }).send(mail)).toMatchObject({ kind: 'unknown' });
    expect(seen.contents).toHaveLength(1);
  });
});

describe('pictures', () => {
  const png = qrPicture('a code').png;
  const withPicture = (more: Partial<MailPicture>): OutgoingMail => ({
    ...mail,
    html: '<img src="cid:code@billfleet" alt="code">',
    pictures: [{ cid: 'code@billfleet', fileName: 'pix.png', png, ...more }],
  });

  test('travel inside the mail, beside the HTML that shows them', async () => {
    const { port, seen } = await startServer({});
    expect(await mailerTo(port).send(withPicture({}))).toEqual({ kind: 'sent' });
    const [content = ''] = seen.contents;
    expect(content).toContain('Content-Type: multipart/related');
    expect(content).toContain('Content-ID: <code@billfleet>');
    expect(content).toContain('Content-Disposition: inline; filename=pix.png');
    expect(content.replaceAll('\r\n', '')).toContain(png.toString('base64'));
  });

  test.each<[string, Partial<MailPicture>]>([
    ['what is no PNG', { png: Buffer.from('<svg onload="alert(1)"/>') }],
    ['one that is too large', { png: Buffer.concat([png, Buffer.alloc(65_536)]) }],
    ['an id that breaks a header', { cid: 'code@billfleet>\r\nBcc: all@example.com' }],
    ['a name that breaks a header', { fileName: 'pix.png\r\nBcc: all@example.com' }],
  ])('refuse %s', async (_, more) => {
    const { port, seen } = await startServer({});
    expect(await mailerTo(port).send(withPicture(more))).toMatchObject({ permanent: true, code: 'EINVALID' });
    expect(seen.contents).toEqual([]);
  });
});

describe('documents', () => {
  const pdf = Buffer.from('%PDF-1.7\nhello');
  const withDocument = (more: Partial<NonNullable<OutgoingMail['documents']>[number]>): OutgoingMail => ({
    ...mail,
    documents: [{ fileName: 'US-2026-000017.pdf', pdf, ...more }],
  });

  test('are attached', async () => {
    const { port, seen } = await startServer({});
    expect(await mailerTo(port).send(withDocument({}))).toEqual({ kind: 'sent' });
    const [content = ''] = seen.contents;
    expect(content).toMatch(/Content-Disposition: attachment;\s+filename=US-2026-000017.pdf/);
    expect(content).toContain('Content-Type: application/pdf');
    expect(content).toContain(pdf.toString('base64'));
  });

  test.each<[string, Parameters<typeof withDocument>[0]]>([
    ['what is no PDF', { pdf: Buffer.from('MZ') }],
    ['one that is too large', { pdf: Buffer.concat([pdf, Buffer.alloc(2_097_152)]) }],
    ['a name that breaks a header', { fileName: 'a.pdf\r\nBcc: all@example.com' }],
    ['a name of another kind', { fileName: 'a.pdf.exe' }],
  ])('refuse %s', async (_, more) => {
    const { port, seen } = await startServer({});
    expect(await mailerTo(port).send(withDocument(more))).toMatchObject({ permanent: true, code: 'EINVALID' });
    expect(seen.contents).toEqual([]);
  });
});

test.each<[string, Script, boolean]>([
  ['no such mailbox', { rcptTo: '550 5.1.1 no such user' }, true],
  ['a full mailbox', { rcptTo: '452 4.2.2 mailbox full' }, false],
  ['a sender that is not wanted', { mailFrom: '553 never' }, false],
  ['content that is not wanted', { content: '554 looks like spam' }, false],
])('%s: whether the address has bounced', async (_, script, isBounce) => {
  const { port } = await startServer(script);
  expect(await mailerTo(port).send(mail)).toMatchObject({ kind: 'refused', isBounce });
});

test('a connection that the server closed while it was idle is replaced, and each mail leaves once', async () => {
  const { port, seen } = await startServer({ hangsUpAfterMail: true });
  const sender = mailerTo(port);
  for (let number = 0; number < 5; number += 1) expect(await sender.send(mail)).toEqual({ kind: 'sent' });
  expect(seen.contents).toHaveLength(5);
  expect(seen.connections).toBeGreaterThan(1);
});

test('connections are kept and used again', async () => {
  const { port, seen } = await startServer({});
  const sender = mailerTo(port);
  await Promise.all(Array.from({ length: 20 }, () => sender.send(mail)));
  expect(seen).toMatchObject({ connections: 1, contents: { length: 20 } });
});
