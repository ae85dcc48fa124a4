import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signWebhook, verifySignature, webhookKey } from './webhook-signature.js';

const secretOf = (letter: string): string => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const oldKey = webhookKey(secretOf('a'));
const newKey = webhookKey(secretOf('b'));
const now = new Date('2026-11-23T12:00:00.400Z');
const body = Buffer.from('{"type":"payment.succeeded"}');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

describe('a webhook signature', () => {
  test('is accepted from the holder of the secret, and names the event', () => {
    const headers = signWebhook(oldKey, 'evt_1', now, body);
    expect(verifySignature([oldKey], body, headers, now)).toEqual({ kind: 'verified', id: 'evt_1' });
  });

  test('agrees with the reference library in both directions', () => {
    const live = new Date();
    const library = new Webhook(secretOf('a'));
    const headers = signWebhook(oldKey, 'evt_1', live, body);
    expect(library.verify(body, { ...headers })).toEqual({ type: 'payment.succeeded' });
    const signature = library.sign('evt_2', live, body);
    const theirs = { ...headers, 'webhook-id': 'evt_2', 'webhook-signature': signature };
    expect(verifySignature([oldKey], body, theirs, live).kind).toBe('verified');
  });

  test('is refused when made with another secret', () => {
    const headers = signWebhook(newKey, 'evt_1', now, body);
    expect(verifySignature([oldKey], body, headers, now)).toEqual({ kind: 'refused', reason: 'signature' });
  });

  test('is accepted under either secret while one is being rotated', () => {
    const headers = signWebhook(oldKey, 'evt_1', now, body);
    expect(verifySignature([newKey, oldKey], body, headers, now).kind).toBe('verified');
    const both = `${signWebhook(newKey, 'evt_1', now, body)['webhook-signature']} ${headers['webhook-signature']}`;
    expect(verifySignature([oldKey], body, { ...headers, 'webhook-signature': both }, now).kind).toBe('verified');
  });

  test('covers body, id and time', () => {
    const headers = signWebhook(oldKey, 'evt_1', now, body);
    const refused = { kind: 'refused', reason: 'signature' };
    expect(verifySignature([oldKey], Buffer.from('{"type":"payment.failed"}'), headers, now)).toEqual(refused);
    expect(verifySignature([oldKey], body, { ...headers, 'webhook-id': 'evt_2' }, now)).toEqual(refused);
    const timestamp = String(Number(headers['webhook-timestamp']) + 1);
    expect(verifySignature([oldKey], body, { ...headers, 'webhook-timestamp': timestamp }, now)).toEqual(refused);
  });

  test.each([
    [300, 'verified'],
    [301, 'refused'],
    [-300, 'verified'],
    [-301, 'refused'],
  ])('that reaches us %s seconds after it was made is %s', (seconds, kind) => {
    const verdict = verifySignature([oldKey], body, signWebhook(oldKey, 'evt_1', now, body), later(seconds));
    expect(verdict.kind).toBe(kind);
    if (verdict.kind === 'refused') expect(verdict.reason).toBe('stale');
  });

  test.each([
    ['no headers', {}],
    ['no signature', { 'webhook-id': 'evt_1', 'webhook-timestamp': '1' }],
    ['a time in words', { 'webhook-id': 'evt_1', 'webhook-timestamp': 'now', 'webhook-signature': 'v1,AA==' }],
    ['an id with a line break', { 'webhook-id': 'a\nb', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AA==' }],
  ])('with %s is malformed', (_what, headers) => {
    expect(verifySignature([oldKey], body, headers, now)).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  test.each(['', 'v1,', 'v1,AA==', 'v2,AA==', 'garbage'])('that reads "%s" is refused', (signature) => {
    const headers = { ...signWebhook(oldKey, 'evt_1', now, body), 'webhook-signature': signature };
    expect(verifySignature([oldKey], body, headers, now)).toEqual({ kind: 'refused', reason: 'signature' });
  });
});

describe('a webhook secret', () => {
  test.each(['', 'whsec_', 'whsec_AAAA', 'whsec_!!!', Buffer.alloc(32).toString('base64')])(
    '"%s" is refused',
    (secret) => {
      expect(() => webhookKey(secret)).toThrow('whsec_');
    },
  );
});
