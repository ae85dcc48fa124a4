import { judgeUsage, usedPercent } from '@billfleet/domain';
import type { Entitlement } from '@billfleet/domain';
import { usage } from '@billfleet/store';
import type { MeterRow, NewCrossing, Tx, UsageGround } from '@billfleet/store';
import { newId } from './ids.js';
import { emitEvents } from './emit-events.js';
import type { OwedEvent } from './emit-events.js';
import { oweMails } from './mails.js';
import type { OwedMail } from './mails.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

const HOUR_MS = 3_600_000;
const FULL_PERCENT = 100;

/** Gathers what has to be told of meters in one transaction, and tells it: one event and one mail for each crossing. */
export class UsageNews {
  private readonly crossings: NewCrossing[] = [];
  private readonly mails: OwedMail[] = [];
  private readonly events: OwedEvent[] = [];

  constructor(private readonly parts: Pick<ApplyOrdersParts, 'catalogue' | 'clock'>) {}

  /** A locked meter as it stands against its limit now; what follows from it is told by `tell`. */
  judge(row: MeterRow, limit: Entitlement, ground: UsageGround): MeterRow {
    const { thresholdsPercent, breachHours, creditLimit } = this.parts.catalogue.usage;
    // Without credits nothing can be spent, so there is no time to put it right.
    const breachMs = row.meter === creditLimit ? 0 : breachHours * HOUR_MS;
    const { used } = row;
    const now = this.parts.clock.nowOf(ground);
    const verdict = judgeUsage({ before: row, used, limit, thresholdsPercent, breachMs, now });
    const crossings = row.crossings + (verdict.crossedPercent === null ? 0 : 1);
    const after = { ...row, ...verdict.mark, crossings };
    if (verdict.crossedPercent !== null) this.cross(after, verdict.crossedPercent, limit, ground);
    if (verdict.turn !== null) this.turn(after, verdict.turn, limit, now);
    return after;
  }

  /** Stores crossings and owes their mails and events. */
  async tell(tx: Tx): Promise<void> {
    if (this.crossings.length > 0) await usage.insertCrossings(tx, this.crossings);
    if (this.mails.length > 0) await oweMails(tx, this.mails);
    emitEvents(tx, this.events);
  }

  /** Adds another event to those that are told. */
  add(event: OwedEvent): void {
    this.events.push(event);
  }

  private cross(row: MeterRow, thresholdPercent: number, limit: Entitlement, ground: UsageGround): void {
    const { workspaceId, meter, used, breachEndsAt, crossings: n } = row;
    const limitAmount = typeof limit === 'string' ? 0 : limit.amount;
    const id = newId();
    const at = this.parts.clock.nowOf(ground);
    this.crossings.push({ id, workspaceId, meter, n, thresholdPercent, used, limitAmount, breachEndsAt, at });
    this.add({
      workspaceId,
      cause: id,
      type: 'usage.threshold_reached',
      data: { ...seen(row, limit, at), thresholdPercent },
    });
    const isFull = thresholdPercent === FULL_PERCENT && breachEndsAt !== null;
    this.mails.push({
      template: isFull ? 'usage_limit_reached' : 'usage_warning',
      workspaceId,
      dedupeKey: `usage:${id}`,
      recipient: ground.billingEmail,
      locale: ground.locale,
      timeZone: ground.timeZone,
      facts: {
        workspaceName: ground.name,
        actionPath: '/billing/usage',
        meterName: this.parts.catalogue.limits.find(({ name }) => name === meter)?.label ?? meter,
        used,
        limit: limitAmount,
        thresholdPercent,
        ...(isFull ? { blocksAt: breachEndsAt.toISOString() } : {}),
      },
    });
  }

  /** A breach follows a crossing of its own, so the number of that crossing tells breaches apart. */
  private turn(row: MeterRow, turn: 'blocked' | 'unblocked', limit: Entitlement, now: Date): void {
    const { workspaceId, meter, crossings } = row;
    const cause = `${workspaceId}:${meter}:${String(crossings)}`;
    this.add({ workspaceId, cause, type: `usage.${turn}`, data: seen(row, limit, now) });
  }
}

function seen({ meter, used, breachEndsAt, isBlocked }: MeterRow, limit: Entitlement, at: Date) {
  return {
    ...{ meter, used, limit, percent: usedPercent(used, limit) },
    ...{ breachEndsAt: breachEndsAt?.toISOString() ?? null, newRecordsAllowed: !isBlocked, at: at.toISOString() },
  };
}
