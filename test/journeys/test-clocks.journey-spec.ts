import { expect, test } from '@jest/globals';
import type { Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { OperatedClock } from '../support/test-clock.js';

inEveryMode('a workspace on a test clock', (given) => {
  /** Its mails in the order in which they were owed, each with the day and hour of the workspace at which it was. */
  const mailsOf = async (customer: Customer): Promise<readonly string[]> =>
    (
      await given.fleet.sql<{ line: string }>(
        `select to_char(t.at at time zone w.time_zone, 'YYYY-MM-DD HH24:MI ') || n.template as line
         from notification n join workspace w on w.id = n.workspace_id
           join transition t on t.entity = 'notification' and t.entity_id = n.id and t.from_status is null
         where n.workspace_id = $1 order by t.at, n.template`,
        [customer.id],
      )
    ).map(({ line }) => line);

  test('lives 24 months in order', async () => {
    const customer = await given.customer('US', { trialEndsOn: '2026-10-12' });
    const clock = await OperatedClock.make(given.fleet, [customer]);
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const startedAt = performance.now();
    await clock.advance('2028-10-12T12:00:00Z');
    console.log(
      performance.now() - startedAt,
      await mailsOf(customer),
      await customer.story(),
      await customer.entitlements(),
    );
    expect(1).toBe(1);
  });
});
