import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { civilDate } from '@billfleet/domain';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { observed, SandboxHarness } from './sandbox-harness.js';

let sandbox: SandboxHarness;

beforeEach(async () => {
  sandbox = await SandboxHarness.open();
});

afterEach(async () => {
  await sandbox.close();
});

describe('a checkout', () => {
  test('is paid, told by a signed webhook, read back and refunded', async () => {
    const { reference } = await sandbox.checkout();
    expect((await sandbox.payByCard(reference)).status).toBe(200);
    await sandbox.until('the webhook is there', () => sandbox.inbox.calls.length === 1);
    const [call] = sandbox.inbox.calls;
    const headers = Object.fromEntries(
      Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const verdict = sandbox.provider.verifyWebhook(call?.body ?? Buffer.alloc(0), headers, sandbox.clock.now());
    expect(verdict).toMatchObject({
      kind: 'verified',
      notices: [{ type: 'payment.succeeded', reference, attemptId: 'attempt-1' }],
    });
    expect(call?.body.toString()).not.toContain('15000');

    const [seen] = observed(await sandbox.provider.fetchMany([reference, 'chk_nobody']));
    expect(seen).toMatchObject({
      reference,
      state: 'succeeded',
      amountMinor: 15_000n,
      currency: 'USD',
      refundedMinor: 0n,
    });
    expect(seen?.paidAt).toEqual(sandbox.clock.now());
    expect(seen?.storedMethod).toMatchObject({ brand: 'visa', last4: '4242', expiresOn: '2034-12' });

    const request = { refundId: 'refund-1', reference, amountMinor: 5000n, currency: 'USD' } as const;
    const refund = observed(await sandbox.provider.refund(request, 'key-r1'));
    expect(refund).toMatchObject({ refundId: 'refund-1', state: 'succeeded', amountMinor: 5000n });
    expect(observed(await sandbox.provider.refund(request, 'key-r2')).reference).toBe(refund.reference);
    expect(observed(await sandbox.provider.fetchMany([reference]))[0]?.refundedMinor).toBe(5000n);
    const tooMuch = await sandbox.provider.refund({ ...request, refundId: 'refund-2', amountMinor: 10_001n }, 'key-r3');
    expect(tooMuch).toMatchObject({ outcome: 'declined', failure: { code: 'not_refundable', kind: 'invalid' } });
    await sandbox.until('the refund is told', () => sandbox.inbox.types().includes('refund.succeeded'));
  });

  test('has a refund that takes its time, which the bank of its payer takes or sends back', async () => {
    const { reference } = await sandbox.checkout();
    const end = (state: string): Promise<Response> => sandbox.post(`/v1/payments/${reference}/refund-end`, { state });
    await sandbox.payByCard(reference);
    expect((await end('failed')).status).toBe(409);
    await sandbox.post('/v1/faults', { refundProcessing: 1 });
    const request = { refundId: 'slow-1', reference, amountMinor: 10_000n, currency: 'USD' } as const;
    expect(observed(await sandbox.provider.refund(request, 'key-s1'))).toMatchObject({ state: 'processing' });
    const tooMuch = await sandbox.provider.refund({ ...request, refundId: 'slow-2' }, 'key-s2');
    expect(tooMuch).toMatchObject({ outcome: 'declined', failure: { code: 'not_refundable' } });
    const seen = async () => observed(await sandbox.provider.fetchMany([reference]))[0];
    await sandbox.stop();
    await sandbox.start();
    expect(await seen()).toMatchObject({ refundedMinor: 0n, refunds: [{ refundId: 'slow-1', state: 'processing' }] });
    expect((await end('failed')).status).toBe(200);
    expect((await seen())?.refunds).toMatchObject([{ state: 'failed', failure: { code: 'account_closed' } }]);
    expect(observed(await sandbox.provider.refund({ ...request, refundId: 'slow-3' }, 'key-s3')).state).toBe(
      'processing',
    );
    await end('succeeded');
    expect(await seen()).toMatchObject({ refundedMinor: 10_000n });
    expect((await end('succeeded')).status).toBe(409);
    await sandbox.until('both ends are told', () => sandbox.inbox.types().includes('refund.succeeded'));
    expect(sandbox.inbox.types()).toContain('refund.failed');
  });

  test('has a refund that had gone come back from the bank of its payer, in its record as well', async () => {
    const { reference } = await sandbox.checkout();
    await sandbox.payByCard(reference);
    const request = { refundId: 'home-1', reference, amountMinor: 10_000n, currency: 'USD' } as const;
    const gone = observed(await sandbox.provider.refund(request, 'key-h1'));
    expect((await sandbox.post(`/v1/payments/${reference}/refund-end`, { state: 'returned' })).status).toBe(200);
    const seen = observed(await sandbox.provider.fetchMany([reference]))[0];
    expect(seen).toMatchObject({ refundedMinor: 0n, refunds: [{ state: 'failed', cameBack: true }] });
    const today = civilDate(sandbox.clock.now().toISOString().slice(0, 10));
    const { entries } = observed(await sandbox.provider.listSettlements(today, null));
    expect(entries.flatMap(({ kind, reference: of }) => (of === gone.reference ? [kind] : []))).toEqual([
      ...['refund', 'refund_failed'],
    ]);
    expect(observed(await sandbox.provider.refund({ ...request, refundId: 'home-2' }, 'key-h2')).state).toBe(
      'succeeded',
    );
    await sandbox.until('that it came back is told', () => sandbox.inbox.types().includes('refund.failed'));
  });

  test('is taken back by the bank of its payer, once, and the bank decides once', async () => {
    const { reference } = await sandbox.checkout();
    const bank = (state: string): Promise<Response> => sandbox.post(`/v1/payments/${reference}/chargeback`, { state });
    expect((await bank('open')).status).toBe(409);
    await sandbox.payByCard(reference);
    const seen = async () => observed(await sandbox.provider.fetchMany([reference]))[0]?.chargeback;
    expect(await seen()).toBeUndefined();
    for (const state of ['open', 'open']) expect((await bank(state)).status).toBe(200);
    const opened = await seen();
    expect(opened).toMatchObject({ state: 'open', amountMinor: 15_000n, reason: 'fraudulent' });
    for (const state of ['lost', 'won', 'open']) await bank(state);
    expect(await seen()).toEqual({ ...opened, state: 'lost' });
    await sandbox.stop();
    await sandbox.start();
    expect(await seen()).toEqual({ ...opened, state: 'lost' });
    await sandbox.until('both are told', () => sandbox.inbox.types().includes('chargeback.ended'));
    expect(
      sandbox.inbox
        .types()
        .filter((type) => type.startsWith('chargeback'))
        .sort(),
    ).toEqual(['chargeback.ended', 'chargeback.opened']);
  });

  test('gives the stored method that later charges take', async () => {
    const { reference } = await sandbox.checkout();
    await sandbox.payByCard(reference, '4000 0000 0000 0341');
    const token = observed(await sandbox.provider.fetchMany([reference]))[0]?.storedMethod?.token ?? '';
    const later = await sandbox.provider.charge(sandbox.tokenCharge({ attemptId: 'attempt-2', token }), 'key-2');
    expect(later).toMatchObject({ outcome: 'declined', failure: { kind: 'decline-soft' } });
    const paid = observed(
      await sandbox.provider.charge(sandbox.tokenCharge({ attemptId: 'attempt-3', token: 'tok_visa' }), 'key-3'),
    );
    expect(paid).toMatchObject({ state: 'succeeded', attemptId: 'attempt-3' });
    const hard = await sandbox.provider.charge(
      sandbox.tokenCharge({ attemptId: 'attempt-4', token: 'tok_declined_stolen' }),
      'key-4',
    );
    expect(hard).toMatchObject({ outcome: 'declined', failure: { kind: 'decline-hard' } });
    expect(observed(await sandbox.provider.findByAttempts(['attempt-4']))[0]?.state).toBe('declined');
  });

  test('charges slowly, and tells when it is done', async () => {
    const slow = observed(await sandbox.provider.charge(sandbox.tokenCharge({ token: 'tok_slow' }), 'key-1'));
    expect(slow.state).toBe('processing');
    sandbox.clock.advanceMs(3000);
    await sandbox.until('the charge is told', () => sandbox.inbox.types().includes('payment.succeeded'));
  });

  test('is cancelled, unless the payer was faster', async () => {
    const first = await sandbox.checkout();
    expect(observed(await sandbox.provider.cancelCheckout(first.reference, 'c')).state).toBe('cancelled');
    expect((await sandbox.payByCard(first.reference)).status).toBe(409);
    const second = await sandbox.checkout({ attemptId: 'attempt-2' }, 'key-2');
    await sandbox.payByCard(second.reference);
    expect(observed(await sandbox.provider.cancelCheckout(second.reference, 'c')).state).toBe('succeeded');
    await sandbox.until('both are told', () => sandbox.inbox.calls.length === 2);
    expect(sandbox.inbox.types().sort()).toEqual(['checkout.cancelled', 'payment.succeeded']);
  });

  test('expires by time', async () => {
    const { reference } = await sandbox.checkout();
    sandbox.clock.advanceMs(3_600_000);
    expect((await sandbox.payByCard(reference)).status).toBe(409);
    expect(observed(await sandbox.provider.fetchMany([reference]))[0]?.state).toBe('expired');
    await sandbox.until('it is told', () => sandbox.inbox.types().includes('checkout.expired'));
  });

  test('can be paid once more after a soft decline, not after a hard one', async () => {
    const { reference } = await sandbox.checkout();
    expect((await sandbox.payByCard(reference, '4000000000009995')).status).toBe(402);
    expect(observed(await sandbox.provider.fetchMany([reference]))[0]).toMatchObject({
      state: 'open',
      failure: { kind: 'decline-soft' },
    });
    expect((await sandbox.payByCard(reference)).status).toBe(200);
    const other = await sandbox.checkout({ attemptId: 'attempt-2' }, 'key-2');
    expect((await sandbox.payByCard(other.reference, '4000000000000002')).status).toBe(402);
    expect((await sandbox.payByCard(other.reference)).status).toBe(409);
  });
});

describe('an idempotency key', () => {
  test('has one effect, and refuses another body', async () => {
    const first = await sandbox.checkout();
    expect(await sandbox.checkout()).toEqual(first);
    const other = await sandbox.provider.createCheckout(sandbox.intent({ amountMinor: 1n }), 'key-1');
    expect(other).toMatchObject({ outcome: 'unknown', failure: { code: 'idempotency_conflict' } });
    expect(await sandbox.truth()).toHaveLength(1);
  });

  test('is asked for', async () => {
    const reply = await sandbox.post('/v1/charges', {
      attemptId: 'a',
      orderId: 'o',
      token: 'tok_visa',
      amountMinor: '1',
      currency: 'USD',
      installments: 1,
      description: 'x',
    });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ code: 'idempotency_key_missing' });
  });
});

describe('webhooks', () => {
  test('come again until they are taken', async () => {
    sandbox.inbox.status = 503;
    const { reference } = await sandbox.checkout();
    await sandbox.payByCard(reference);
    await sandbox.until('the first try was made', () => sandbox.inbox.calls.length === 1);
    sandbox.inbox.status = 200;
    await sandbox.until('the second try was made', () => sandbox.inbox.calls.length === 2);
    const ids = sandbox.inbox.calls.map((call) => call.headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  test('come twice, or not at all, when asked to', async () => {
    await sandbox.setFaults({ webhookDuplicate: 1 });
    await sandbox.payByCard((await sandbox.checkout()).reference);
    await sandbox.until('both copies are there', () => sandbox.inbox.calls.length === 2);
    await sandbox.setFaults({ webhookDrop: 1 });
    await sandbox.payByCard((await sandbox.checkout({ attemptId: 'attempt-2' }, 'key-2')).reference);
    await sandbox.setFaults({});
    await sandbox.payByCard((await sandbox.checkout({ attemptId: 'attempt-3' }, 'key-3')).reference);
    await sandbox.until('the third is told', () => sandbox.inbox.calls.length === 3);
    expect(sandbox.inbox.calls.some((call) => call.body.includes('attempt-2'))).toBe(false);
  });
});

describe('a restart', () => {
  test('keeps payments, keys, faults and webhooks that are owed', async () => {
    sandbox.inbox.status = 500;
    const started = await sandbox.checkout();
    await sandbox.payByCard(started.reference);
    await sandbox.setFaults({ slowMs: 1 });
    await sandbox.until('the webhook was refused', () => sandbox.inbox.calls.length === 1);
    const before = await sandbox.truth();
    await sandbox.stop();
    sandbox.inbox.status = 200;
    await sandbox.start();
    await sandbox.until('the webhook was taken', () => sandbox.inbox.calls.length >= 2);
    expect(await sandbox.truth()).toEqual(before);
    expect((await sandbox.checkout()).reference).toBe(started.reference);
    const knobs = await sandbox.get('/v1/faults');
    expect(await knobs.json()).toMatchObject({ slowMs: 1 });
  });

  test('never finds a card number', async () => {
    const { reference } = await sandbox.checkout();
    await sandbox.payByCard(reference);
    await sandbox.payByCard(reference, '4000000000009995');
    const kept = await readFile(join(sandbox.dataPath, 'payments.jsonl'), 'utf8');
    expect(kept).toContain(reference);
    expect(kept).not.toMatch(/42424242|40000000/);
  });
});
