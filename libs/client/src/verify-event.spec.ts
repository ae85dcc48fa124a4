import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { EventVerificationError, verifyEvent } from './verify-event.js';

const secret = `whsec_${Buffer.alloc(32, 'a').toString('base64')}`;
const otherSecret = `whsec_${Buffer.alloc(32, 'b').toString('base64')}`;
const sentAt = new Date('2026-10-05T15:00:00Z');

const event = {
  id: randomUUID(),
  type: 'seats.changed',
  workspaceId: randomUUID(),
  sequence: 7,
  occurredAt: '2026-10-05T14:59:58.000Z',
  data: { from: 5, to: 7 },
};

const headersOf = (body: string, { id = event.id, with: key = secret } = {}): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(sentAt.getTime() / 1000),
  'webhook-signature': new Webhook(key).sign(id, sentAt, body),
});

const verify = (
  body: string,
  headers: Record<string, string> | Headers = headersOf(body),
  secondsLater = 1,
): ReturnType<typeof verifyEvent> =>
  verifyEvent(headers, body, secret, () => new Date(sentAt.getTime() + secondsLater * 1000));

describe('a call that the fleet signed', () => {
  const body = JSON.stringify(event);

  test('is an event, typed by its type', () => {
    const seen = verify(body);
    expect(seen).toEqual(event);
    expect(seen.type === 'seats.changed' ? seen.data.to : undefined).toBe(7);
  });

  test('is believed from the headers of fetch, from bytes, and beside a signature by another secret', () => {
    expect(verify(body, new Headers(headersOf(body)))).toEqual(event);
    expect(verifyEvent(headersOf(body), Buffer.from(body), [otherSecret, secret], () => sentAt)).toEqual(event);
    const both = `${headersOf(body, { with: otherSecret })['webhook-signature'] ?? ''} ${headersOf(body)['webhook-signature'] ?? ''}`;
    expect(verify(body, { ...headersOf(body), 'webhook-signature': both })).toEqual(event);
  });

  test('of a type that is not known yet is handed on as unknown', () => {
    const newer = { ...event, type: 'seats.reserved', data: { any: 'thing' } };
    const { type: _, ...rest } = newer;
    expect(verify(JSON.stringify(newer))).toEqual({ ...rest, type: 'unknown', unknownType: 'seats.reserved' });
  });

  test('may carry fields that are not known yet', () => {
    const newer = { ...event, data: { ...event.data, because: 'order' } };
    expect(verify(JSON.stringify(newer))).toMatchObject({ type: 'seats.changed', data: event.data });
  });
});

describe('is not believed:', () => {
  const body = JSON.stringify(event);
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['another body', () => verify(body.replace('7', '8'), headersOf(body))],
    ['another id', () => verify(body, { ...headersOf(body), 'webhook-id': randomUUID() })],
    ['the id of another event', () => verify(body, headersOf(body, { id: randomUUID() }))],
    ['another secret', () => verify(body, headersOf(body, { with: otherSecret }))],
    ['no signature', () => verify(body, { ...headersOf(body), 'webhook-signature': '' })],
    ['no header', () => verify(body, {})],
    ['an old call', () => verify(body, headersOf(body), 301)],
    ['a call from the future', () => verify(body, headersOf(body), -301)],
    ['a time that is none', () => verify(body, { ...headersOf(body), 'webhook-timestamp': 'now' })],
    ['a body that is not JSON', () => verify('seats')],
    ['a body that is no event', () => verify('{}')],
    ['data of another shape', () => verify(JSON.stringify({ ...event, data: { from: 'five' } }))],
  ];
  test.each(cases)('%s', (_, act) => {
    expect(act).toThrow(EventVerificationError);
  });
});
