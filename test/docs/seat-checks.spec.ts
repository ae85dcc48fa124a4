import { expect, test } from '@jest/globals';
import { seatsAnswer } from '@billfleet/outbound';
import { createHmac } from 'node:crypto';
import { textOf } from './repository.js';

/** The secret of the example configuration. */
const KEY = Buffer.from('MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 'base64');

test('the worked examples of docs/how-to/answer-seat-checks.md are signed as the fleet signs and checks', () => {
  const [question = '', answer = ''] = [
    ...textOf('docs/how-to/answer-seat-checks.md').matchAll(/```http\n([^]*?)```/g),
  ].map(([, block]) => block ?? '');
  const header = (block: string, name: string): string => new RegExp(`^${name}: (.+)$`, 'm').exec(block)?.[1] ?? '';
  const signatureOf = (block: string, content: string): string => {
    const signed = `${header(block, 'webhook-id')}.${header(block, 'webhook-timestamp')}.${content}`;
    return `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`;
  };
  const query = /seats\?(\S+)/.exec(question)?.[1] ?? '';
  expect(header(question, 'webhook-signature')).toBe(signatureOf(question, query));
  const body = answer.trim().split('\n').at(-1) ?? '';
  expect(header(answer, 'webhook-signature')).toBe(signatureOf(answer, body));
  expect(seatsAnswer.parse(JSON.parse(body)).workspaceId).toBe(new URLSearchParams(query).get('workspaceId'));
});
