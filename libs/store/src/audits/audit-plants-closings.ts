import { cases, chargebackId, closingId, orderId, subscriptionId, workspaceId } from './audit-world.js';

const { disputed, closed } = cases;
const setChargeback = (change: string): string => `update chargeback set ${change} where id = '${chargebackId}'`;
const setLoss = (change: string): string =>
  `update posting set ${change} where transaction_id = (select id from journal where kind = 'chargeback' and order_id = '${orderId(disputed)}')`;
const setClosed = (change: string): string =>
  `update subscription set ${change} where id = '${subscriptionId(closed)}'`;

/** For each audit of chargebacks, closings and paid ends the corruptions that it must notice, each by itself. */
export const closingPlants = {
  B23: [
    `delete from journal where kind = 'chargeback'`,
    `delete from chargeback`,
    setLoss('amount_minor = amount_minor - sign(amount_minor)'),
    setLoss(`currency = 'BRL'`),
    setChargeback('amount_minor = amount_minor + 1'),
    setChargeback(`status = 'won'`),
    `delete from journal where kind = 'charge' and order_id = '${orderId(disputed)}'`,
    `${setChargeback('decision = null')}; update subscription set auto_renewal = true where workspace_id = '${workspaceId(disputed)}'`,
    `delete from ops_action where action = 'chargeback.keep'`,
    setChargeback(`decision = 'close'`),
  ],
  B26: [
    `delete from chargeback`,
    setChargeback(`status = 'open'`),
    setChargeback(`attempt_id = gen_random_uuid()`),
    `update provider_truth set chargeback_reference = null, chargeback_state = null`,
    `update provider_truth set chargeback_reference = reference, chargeback_state = 'open' where chargeback_state is null`,
  ],
  B24: [
    setClosed('seats = 1'),
    setClosed('auto_renewal = true'),
    setClosed('turn_at = now()'),
    setClosed('renewal_at = now()'),
    setClosed(`scheduled = '{"seats": 3}'`),
    `delete from seat_change where id = '${closingId}'`,
  ],
  B25: [
    setClosed(`ends_on = ends_on - 1`),
    setClosed(`ends_on = ends_on + 1`),
    `update seat_grant set during = null where order_id = '${orderId(disputed)}'`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
