import { expect, test } from '@jest/globals';
import { PayLinks } from './pay-links.js';
import { StopMailLinks } from './stop-mails.js';

const links = new PayLinks('a-secret-of-the-tests');
const orderId = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const token = links.pathOf(orderId).replace('/pay/', '');

test('a link leads to its order, and is always the same', () => {
  expect(token).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
  expect(links.orderOf(token)).toBe(orderId);
  expect(links.pathOf(orderId)).toBe(`/pay/${token}`);
});

test('a link of one purpose is good for no other', () => {
  const stops = new StopMailLinks('a-secret-of-the-tests');
  const stopToken = stops.pathOf(orderId).replace('/mail/unsubscribe/', '');
  expect(stops.mailOf(stopToken)).toBe(orderId);
  expect(links.orderOf(stopToken)).toBeUndefined();
  expect(stops.mailOf(token)).toBeUndefined();
});

test('nothing that was not signed with the secret leads anywhere', () => {
  const other = new PayLinks('another-secret-of-tests');
  expect(other.orderOf(token)).toBeUndefined();
  const [id = '', signature = ''] = token.split('.');
  const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  const elsewhere = links.pathOf(orderId.replace('0199', '0198')).replace('/pay/', '').split('.')[0] ?? '';
  for (const forged of [
    '',
    '.',
    id,
    `${id}.`,
    `${id}.${flipped}`,
    `${elsewhere}.${signature}`,
    `${id.slice(1)}.${signature}`,
  ])
    expect(links.orderOf(forged)).toBeUndefined();
});
