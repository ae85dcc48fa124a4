import { reminderMailId } from './audit-world.js';

/** One more action of an account that is below zero already. */
const spendMore = `insert into credit_movement (workspace_id, kind, source, amount, balance_after, month_starts_on, spend_id, action, at)
   select workspace_id, 'spend', source, -1, balance_after - 1, month_starts_on, gen_random_uuid(), action, at from credit_movement where kind = 'spend'`;

/** For each audit of usage and credits the corruptions that it must notice, each by itself. */
export const usagePlants = {
  B08: [
    `update credit_account set balance = balance + 1`,
    `update credit_account set sources = '[]'`,
    `delete from credit_movement where kind = 'grant'`,
    `update credit_movement set amount = amount - 1 where kind = 'spend'`,
    `update credit_movement set balance_after = balance_after + 1 where kind = 'grant'`,
    `update credit_movement set source = 'elsewhere' where kind = 'spend'`,
  ],
  B09: [spendMore, `update credit_movement set balance_after = -120 where kind = 'spend'`],
  B10: [
    `delete from notification where dedupe_key like 'usage:%'`,
    `update notification set dedupe_key = dedupe_key || '-again' where dedupe_key like 'usage:%'`,
    `update notification set template = 'usage_limit_reached' where id = '${reminderMailId}'`,
    `delete from usage_crossing`,
    `update usage_meter set crossings = 2`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
