import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createBillfleet } from './billfleet.js';
import { ProblemError } from './call-gateway.js';

const WORKSPACE = '0190a000-0000-7000-8000-0000000000a1';
const INVOICE = '0190a000-0000-7000-8000-0000000000d1';
const invoice = {
  ...{ id: INVOICE, kind: 'invoice', number: 'US-2026-000017', isTest: false, workspaceId: WORKSPACE },
  ...{ orderId: WORKSPACE, refundId: null, invoiceId: null, currency: 'USD', amountMinor: '105000', taxMinor: '0' },
  ...{ issuedAt: '2026-10-05T15:00:00.000Z', dueAt: '2026-11-04T15:00:00.000Z', paidAt: null, hash: 'f2ca' },
};

const servers: Server[] = [];
afterEach(() => {
  // What a client keeps open for later would keep the server open as well.
  for (const one of servers.splice(0)) one.close().closeAllConnections();
});

type Answer = { readonly status: number; readonly type?: string; readonly body: string };
const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });

/** The documents of a gateway that always gives this answer, and what it was asked. */
async function documentsThat(answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const client = createBillfleet({ baseUrl: `http://127.0.0.1:${String(port)}`, apiKey: 'bf_x', maxRetries: 0 });
  return { documents: client.documents, asked };
}

const problem = (status: number, code: string): Answer =>
  json(
    {
      ...{ type: `/errors#${code}`, title: 'x', status, code, detail: 'x', field: 'id' },
      ...{ moneyMoved: false, requestId: 'req-1' },
    },
    status,
  );

describe('documents', () => {
  test('of a workspace are listed page by page, narrowed as was wanted', async () => {
    const { documents, asked } = await documentsThat(json({ documents: [invoice], next: INVOICE }));
    const page = await documents.list(WORKSPACE, { kind: 'invoice', before: INVOICE, limit: 1 });
    expect(page).toEqual({ documents: [invoice], next: INVOICE });
    await documents.list(WORKSPACE);
    expect(asked).toEqual([
      `GET /v1/workspaces/${WORKSPACE}/documents?kind=invoice&before=${INVOICE}&limit=1 Bearer bf_x`,
      `GET /v1/workspaces/${WORKSPACE}/documents Bearer bf_x`,
    ]);
  });

  test('of an order are those of that order', async () => {
    const { documents, asked } = await documentsThat(json([invoice]));
    expect(await documents.ofOrder('a/b')).toEqual([invoice]);
    expect(asked).toEqual(['GET /v1/orders/a%2Fb/documents Bearer bf_x']);
  });

  test('come one by one with all that they say; an unknown one is undefined, and any other refusal is thrown', async () => {
    const whole = { ...invoice, previousHash: '0'.repeat(64), content: { kind: 'invoice', dueAt: invoice.dueAt } };
    const known = await documentsThat(json(whole));
    expect(await known.documents.get(INVOICE)).toEqual(whole);
    expect(known.asked).toEqual([`GET /v1/documents/${INVOICE} Bearer bf_x`]);
    expect(await (await documentsThat(problem(404, 'not_found'))).documents.get(INVOICE)).toBeUndefined();
    const refused = (await documentsThat(problem(403, 'role_not_allowed'))).documents.get(INVOICE);
    await expect(refused).rejects.toThrow(ProblemError);
  });

  test('on paper are a stream of bytes, in the language that is wanted or in that of the workspace', async () => {
    const { documents, asked } = await documentsThat({ status: 200, type: 'application/pdf', body: '%PDF-1.7 hello' });
    expect(await new Response(await documents.pdf(INVOICE, 'pt-BR')).text()).toBe('%PDF-1.7 hello');
    await (await documents.pdf(INVOICE)).cancel();
    expect(asked).toEqual([
      `GET /v1/documents/${INVOICE}/pdf?language=pt-BR Bearer bf_x`,
      `GET /v1/documents/${INVOICE}/pdf Bearer bf_x`,
    ]);
  });

  test('that are not drawn in time are said to be worth asking for again', async () => {
    const { documents } = await documentsThat(problem(503, 'pdf_not_drawn_yet'));
    await expect(documents.pdf(INVOICE)).rejects.toMatchObject({ code: 'pdf_not_drawn_yet' });
  });
});
