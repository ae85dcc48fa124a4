import { expect, test } from '@jest/globals';
import { blocksRefund, chargebackStatuses, chargebackTransitions } from './chargeback.js';

test('the bank decides once, and only what it left with us can be given back', () => {
  expect(chargebackStatuses.filter((status) => chargebackTransitions[status].length > 0)).toEqual(['open']);
  expect(chargebackStatuses.filter(blocksRefund)).toEqual(['open', 'lost']);
});
