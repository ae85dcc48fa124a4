import { createHash, createHmac } from 'node:crypto';
import { placeOrder, intakeBody } from '@billfleet/contracts';
import { describe, expect, test } from '@jest/globals';
import { InvalidKeyError, signerOf } from './api-key.js';
import type { Publisher } from './publisher.js';
import { validate, ValidationError } from './validate.js';

const SECRET = '0123456789abcdef0123456789abcdef';
const order = {
  workspaceId: '0190a000-0000-7000-8000-0000000000a1',
  purchase: { plan: 'base', seats: 5, periodMonths: 6, expectedAmountMinor: '75000', expectedCurrency: 'USD' },
  payment: { collection: 'upstream' },
} as const;

describe('signing', () => {
  test('an envelope carries the key prefix and an HMAC by the hash of the secret, never the secret', () => {
    const envelope = signerOf(`bf_dev_abcdef12_${SECRET}`)('{"a":1}');
    const key = createHash('sha256').update(SECRET).digest('hex');
    expect(envelope).toEqual({
      body: '{"a":1}',
      publisher: 'abcdef12',
      signature: createHmac('sha256', key).update('{"a":1}').digest('hex'),
    });
    expect(JSON.stringify(envelope)).not.toContain(SECRET);
  });

  test.each(['', 'bf_short_x', `sk_abcdef12_${SECRET}`])('refuses %j without repeating it', (apiKey) => {
    expect(() => signerOf(apiKey)).toThrow(InvalidKeyError);
  });
});

describe('validation', () => {
  test('names every field with what was found and wanted', () => {
    const wrong = { ...order, purchase: { ...order.purchase, seats: 0, plan: '' }, extra: 1 };
    const check = (): unknown => validate('order.place', placeOrder, wrong);
    expect(check).toThrow(ValidationError);
    try {
      check();
    } catch (error) {
      const fields = error instanceof ValidationError ? error.fields : [];
      expect(fields.map((one) => one.field).sort()).toEqual(['extra', 'purchase.plan', 'purchase.seats']);
      expect(fields.find((one) => one.field === 'purchase.seats')?.found).toBe('0');
      expect(fields.every((one) => one.wanted !== '')).toBe(true);
    }
  });

  test('a missing field is found as nothing', () => {
    expect(() => validate('order.place', placeOrder, { ...order, workspaceId: undefined })).toThrow(
      /workspaceId: found nothing/,
    );
  });

  test('what is published reads back as the contract’s body', () => {
    const body = { operation: 'order.place', idempotencyKey: 'k-1', sentAt: new Date(0).toISOString(), data: order };
    expect(intakeBody.parse(JSON.parse(JSON.stringify(body)))).toEqual(body);
  });
});

test('data that belongs to another intake does not compile', () => {
  const neverCalled = async (publisher: Publisher): Promise<void> => {
    await publisher.publish('order.place', order, { idempotencyKey: 'k' });
    await publisher.publish('seat-provisioning.request', { workspaceId: order.workspaceId }, { idempotencyKey: 'k' });
    // @ts-expect-error seats are missing
    await publisher.publish('order.place', { workspaceId: order.workspaceId }, { idempotencyKey: 'k' });
    // @ts-expect-error there is no such intake
    await publisher.publish('order.cancel', order, { idempotencyKey: 'k' });
    // @ts-expect-error every request needs a key
    await publisher.publish('order.place', order, {});
  };
  expect(neverCalled).toBeInstanceOf(Function);
});
