import { civilDate } from '@billfleet/domain';
import * as credits from '../credits.js';
import * as deliveries from '../deliveries.js';
import type { Tx } from '../store.js';
import * as usage from '../usage.js';

const METER = 'leads';
const AT = new Date('2026-09-10T12:00:00Z');
const MONTH_ENDS_AT = new Date('2026-10-01T04:00:00Z');
const CROSSING_ID = '0190a000-0000-7000-8000-f00000000001';
/** The mail about the threshold that the workspace came to. */
export const usageMailId = '0190a000-0000-7000-8000-f00000000002';
const SPEND_ID = '0190a000-0000-7000-8000-f00000000003';

/** A workspace that came to a threshold, was told so, and overspent its credits by its last action. */
export async function buildUsage(tx: Tx, workspaceId: string): Promise<void> {
  await countLeads(tx, workspaceId);
  await credits.openAccounts(tx, [workspaceId]);
  const [monthStartsOn, monthEndsOn] = [civilDate('2026-09-01'), civilDate('2026-10-01')];
  const line = { workspaceId, source: 'plan', monthStartsOn, at: AT };
  await credits.insertMovements(tx, [
    { ...line, kind: 'grant', amount: 100, balanceAfter: 100, spend: null },
    { ...line, kind: 'spend', amount: -120, balanceAfter: -20, spend: { id: SPEND_ID, action: 'summary' } },
  ]);
  const plan = { key: 'plan', endsOn: null, granted: 100, left: -20 };
  const account = { basis: 'plan', monthStartsOn, monthEndsOn, sources: [plan], spent: 120 } as const;
  await credits.saveAccounts(tx, [{ workspaceId, account, balance: -20, nextGrantAt: MONTH_ENDS_AT }]);
}

async function countLeads(tx: Tx, workspaceId: string): Promise<void> {
  const meter = { workspaceId, meter: METER };
  const opened = (await usage.openMeters(tx, [meter])).get(usage.meterNameText(meter));
  if (opened === undefined) return;
  await usage.saveMeters(tx, [{ ...opened, used: 80, since: AT, observedAt: AT, reachedPercent: 75, crossings: 1 }]);
  await usage.insertCrossings(tx, [
    { ...meter, id: CROSSING_ID, n: 1, thresholdPercent: 75, used: 80, limitAmount: 100, breachEndsAt: null, at: AT },
  ]);
  await deliveries.insertNotifications(tx, [
    {
      ...{
        id: usageMailId,
        workspaceId,
        template: 'usage_warning',
        class: 'at_most_once',
        dedupeKey: `usage:${CROSSING_ID}`,
      },
      ...{
        recipient: 'billing@customer.example',
        locale: 'en',
        timeZone: 'America/New_York',
        facts: '{}',
        byDay: null,
      },
    },
  ]);
  for (const to of ['claimed', 'sent'] as const)
    await deliveries.moveNotifications(tx, [{ id: usageMailId, to, failure: null }]);
}
