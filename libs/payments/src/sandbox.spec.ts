import { describe, expect, test } from '@jest/globals';
import { sandboxProvider } from './sandbox.js';
import { signWebhook, webhookKey } from './webhook-signature.js';

const secret = `whsec_${Buffer.from('a'.repeat(32)).toString('base64')}`;
const now = new Date('2026-11-23T12:00:00Z');
const provider = sandboxProvider({
  baseUrl: 'http://127.0.0.1:9',
  apiKey: 'key',
  webhookSecrets: [secret],
  timeoutMs: 1000,
});
const signed = (text: string): [Buffer, Record<string, string>] => [
  Buffer.from(text),
  { ...signWebhook(webhookKey(secret), 'evt_1', now, text) },
];

describe('a webhook of the sandbox provider', () => {
  test('becomes a notice without any amount', () => {
    const data = { reference: 'chk_1', attemptId: 'attempt-1', amountMinor: '5' };
    const [body, headers] = signed(JSON.stringify({ type: 'payment.succeeded', timestamp: now.toISOString(), data }));
    expect(provider.verifyWebhook(body, headers, now)).toEqual({
      kind: 'verified',
      notices: [{ eventId: 'evt_1', type: 'payment.succeeded', reference: 'chk_1', attemptId: 'attempt-1' }],
    });
  });

  test.each(['', '{', 'null', '{"type":"unheard.of"}', '{"type":"payment.succeeded","data":{}}'])(
    'that is signed but reads "%s" is malformed',
    (text) => {
      expect(provider.verifyWebhook(...signed(text), now)).toEqual({ kind: 'refused', reason: 'malformed' });
    },
  );

  test('that nobody signed is refused', () => {
    expect(provider.verifyWebhook(Buffer.from('{}'), {}, now)).toEqual({ kind: 'refused', reason: 'malformed' });
  });
});

test('an adapter without a webhook secret is not made', () => {
  const options = { baseUrl: 'http://127.0.0.1:9', apiKey: 'key', timeoutMs: 1000 };
  expect(() => sandboxProvider({ ...options, webhookSecrets: [] })).toThrow('at least one');
});
