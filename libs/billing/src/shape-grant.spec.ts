import { expect, test } from '@jest/globals';
import { packagesByAddOn } from './shape-grant.js';

const line = (addOn: string, quantity: number): Parameters<typeof packagesByAddOn>[0][number] => ({
  description: { kind: 'add-on', addOn, addOnName: addOn, months: 6 },
  quantity,
});

test('packages of one add-on that were bought at two times go on as one grant', () => {
  const lines = [line('ai-credits-5000', 1), line('chats-api-5000', 2), line('ai-credits-5000', 4)];
  expect([...packagesByAddOn(lines)]).toEqual([
    ['ai-credits-5000', 5],
    ['chats-api-5000', 2],
  ]);
});
