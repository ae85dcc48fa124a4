import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { observed, SandboxHarness } from './sandbox-harness.js';

let sandbox: SandboxHarness;

beforeEach(async () => {
  sandbox = await SandboxHarness.open();
});

afterEach(async () => {
  await sandbox.close();
});

describe('the outcome of a call', () => {
  test('is unknown after a time-out, and the charge is found by its attempt', async () => {
    await sandbox.setFaults({ timeoutAfterCharge: 1 });
    const lost = await sandbox.provider.charge(sandbox.tokenCharge(), 'key-9');
    expect(lost).toMatchObject({ outcome: 'unknown', failure: { kind: 'timeout' } });
    expect(observed(await sandbox.provider.findByAttempts(['attempt-9']))).toMatchObject([
      { state: 'succeeded', amountMinor: 700n },
    ]);
    await sandbox.setFaults({});
    expect(observed(await sandbox.provider.charge(sandbox.tokenCharge(), 'key-9')).state).toBe('succeeded');
    expect(await sandbox.truth()).toHaveLength(1);
  });

  test.each([
    ['error500BeforeCharge', 0],
    ['error500AfterCharge', 1],
  ])('is unknown after %s', async (fault, count) => {
    await sandbox.setFaults({ [fault]: 1 });
    expect(await sandbox.provider.charge(sandbox.tokenCharge(), 'key-9')).toMatchObject({
      outcome: 'unknown',
      failure: { code: 'http_500' },
    });
    expect(await sandbox.truth()).toHaveLength(count);
  });

  test('is not_attempted when nobody listens', async () => {
    const nobody = sandbox.adapter({ baseUrl: 'http://127.0.0.1:1' });
    expect(await nobody.charge(sandbox.tokenCharge(), 'key-9')).toMatchObject({
      outcome: 'not_attempted',
      failure: { kind: 'unavailable' },
    });
  });

  test('is not_attempted with a wrong API key, declined when the request is wrong', async () => {
    const stranger = sandbox.adapter({ apiKey: 'sk_wrong' });
    expect(await stranger.charge(sandbox.tokenCharge(), 'key-9')).toMatchObject({
      outcome: 'not_attempted',
      failure: { code: 'unauthorized' },
    });
    expect(await sandbox.provider.charge(sandbox.tokenCharge({ amountMinor: 0n }), 'key-9')).toMatchObject({
      outcome: 'declined',
      failure: { code: 'invalid_request', kind: 'invalid' },
    });
  });

  test.each([
    ['is cut off', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"refer')],
    ['is no JSON', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi')],
    ['never comes', (socket: Socket) => socket.destroy()],
    [
      'is endless',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n${'x'.repeat(2_000_000)}`),
    ],
  ])('is unknown when the reply %s', async (_what, answer) => {
    const broken = createServer((request) => {
      request.resume();
      answer(request.socket);
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    try {
      const address = broken.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      const other = sandbox.adapter({ baseUrl: `http://127.0.0.1:${String(port)}` });
      expect((await other.charge(sandbox.tokenCharge(), 'key-9')).outcome).toBe('unknown');
    } finally {
      broken.close();
      broken.closeAllConnections();
    }
  });

  test('shows a wrong amount as it is', async () => {
    await sandbox.setFaults({ wrongAmount: 1 });
    const { reference } = await sandbox.checkout();
    await sandbox.payByCard(reference);
    expect(observed(await sandbox.provider.fetchMany([reference]))[0]?.amountMinor).toBe(14_999n);
    expect((await sandbox.truth())[0]?.amountMinor).toBe(14_999n);
  });
});
