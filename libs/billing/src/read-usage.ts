import {
  accessAt,
  dataKeptUntil,
  civilDateIn,
  creditBalance,
  creditsGranted,
  invariant,
  mayAddRecords,
  projectUse,
  startOfDay,
  TRIAL_SEATS,
  trialStanding,
  usedPercent,
} from '@billfleet/domain';
import type { Access, CivilDate, Entitlement, Entitlements, LimitDefinition } from '@billfleet/domain';
import { credits, subscriptions, usage } from '@billfleet/store';
import type { MeterRow, MovementView, StandingRow, UsageGround } from '@billfleet/store';
import { CreditBooks, sourcesView } from './credit-books.js';
import type { CreditSourceView } from './credit-books.js';
import { sha256 } from './ids.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import { UsageNews } from './usage-news.js';
import { bringBook, creditLimitOf, limitOf, monthAt, nextGrantAt, rollMeter, standingOf } from './usage-standing.js';
import type { CreditBook, Standing } from './usage-standing.js';

/** What a workspace may use: of its subscription, or of its trial while it has never bought anything. */
export type EntitlementsSeen = {
  readonly workspaceId: string;
  readonly status: string;
  /** `full` through the days of grace, too. */
  readonly access: Access;
  /** Once it has ended: the first day on which its data need not be kept any more. */
  readonly dataKeptUntil: CivilDate | null;
  /** Null on a trial. */
  readonly plan: string | null;
  readonly seats: number;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly limits: Entitlements;
  /** Whether one more record of each kind may be made; what exists is never touched by it. */
  readonly newRecordsAllowed: Readonly<Record<string, boolean>>;
  readonly version: number;
};

/** One meter against its limit. */
export type MeterView = {
  readonly meter: string;
  readonly label: string;
  readonly resets: LimitDefinition['resets'];
  readonly used: number;
  readonly limit: Entitlement;
  readonly percent: number | null;
  /** Since when it is counted: from here the use is projected. Null while nothing was reported. */
  readonly since: Date | null;
  readonly observedAt: Date | null;
  /** The day on which the month or the term ends; null where there is none. */
  readonly periodEndsOn: CivilDate | null;
  /** The use at that end if it goes on as since then; null while less than a day was seen. */
  readonly projected: number | null;
  /** When new records are refused, while the limit is reached. */
  readonly breachEndsAt: Date | null;
  readonly newRecordsAllowed: boolean;
};

/** What a workspace uses of each limit. */
export type UsageView = {
  readonly workspaceId: string;
  readonly status: Standing['status'];
  readonly meters: readonly MeterView[];
};

/** A workspace's credits. */
export type CreditsView = {
  readonly workspaceId: string;
  readonly balance: number;
  readonly granted: number;
  readonly spent: number;
  /** The plan grants whatever is spent. */
  readonly isUnlimited: boolean;
  readonly monthStartsOn: CivilDate | null;
  /** The day on which what is left ends and the next month's credits come. */
  readonly resetsOn: CivilDate | null;
  readonly sources: readonly CreditSourceView[];
  readonly movements: readonly MovementView[];
};

const MOVEMENTS_SHOWN = 20;

/** Answers what a workspace may use, and what it does use. */
export class ReadUsage {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** From one indexed read; undefined for a workspace that never had a subscription or a trial. The tag changes with the answer. */
  async entitlements(
    workspaceId: string,
  ): Promise<{ readonly view: EntitlementsSeen; readonly tag: string } | undefined> {
    const row = await subscriptions.viewStanding(this.parts.store, workspaceId);
    if (row === undefined) return undefined;
    const view = this.entitled(row, this.parts.clock.nowOf(row));
    return view === undefined ? undefined : { view, tag: sha256(JSON.stringify(view)).slice(0, 32) };
  }

  private entitled(row: StandingRow, now: Date): EntitlementsSeen | undefined {
    const { workspaceId, subscription, trialEndsOn, timeZone } = row;
    const allowed = (limits: Entitlements) => ({
      limits,
      newRecordsAllowed: this.newRecords(limits, row, now),
    });
    if (subscription !== null) {
      const { limits, ...rest } = subscription;
      const { graceDays, dataDays } = this.parts.catalogue.renewal;
      const keptUntil = dataKeptUntil(subscription, dataDays) ?? null;
      const access = accessAt({ subscription, graceDays, now, timeZone });
      return { workspaceId, ...rest, access, dataKeptUntil: keptUntil, ...allowed(limits) };
    }
    if (trialEndsOn === null) return undefined;
    const { limits, ...trial } = trialStanding(this.parts.catalogue, trialEndsOn, civilDateIn(now, timeZone));
    const none = { plan: null, seats: TRIAL_SEATS, autoRenewal: false, version: 0 };
    const access = trial.status === 'trialing' ? 'full' : 'billing-only';
    return { workspaceId, ...trial, access, dataKeptUntil: null, ...none, ...allowed(limits) };
  }

  private newRecords(limits: Entitlements, { breaches }: StandingRow, now: Date): Readonly<Record<string, boolean>> {
    const open = new Map(
      breaches
        .filter(({ monthEndsAt }) => monthEndsAt === null || Date.parse(monthEndsAt) > now.getTime())
        .map(({ meter, breachEndsAt }) => [meter, new Date(breachEndsAt)]),
    );
    return Object.fromEntries(
      Object.entries(limits).map(([name, limit]) => [name, mayAddRecords(limit, open.get(name) ?? null, now)]),
    );
  }

  /** Every limit of the catalogue, counted or not; undefined for an unknown workspace. Changes nothing: what is due is worked out. */
  async usage(workspaceId: string): Promise<UsageView | undefined> {
    const { store, clock, catalogue } = this.parts;
    const [grounds, rows, account] = await Promise.all([
      usage.findUsageGrounds(store, [workspaceId]),
      usage.viewMeters(store, workspaceId),
      credits.viewAccount(store, workspaceId),
    ]);
    const ground = grounds.get(workspaceId);
    if (ground === undefined) return undefined;
    const now = clock.nowOf(ground);
    const standing = standingOf(catalogue, ground, now);
    const book = bringBook(catalogue, ground, account, now);
    const byName = new Map(rows.map((row) => [row.meter, row]));
    const meters = catalogue.limits.map((definition) => {
      const row = byName.get(definition.name) ?? blankMeter(workspaceId, definition.name);
      if (definition.name === catalogue.usage.creditLimit) return creditMeter(definition, row, book, now);
      return meterView(definition, row, { standing, ground, now });
    });
    return { workspaceId, status: standing.status, meters };
  }

  /** Balance by source and the newest movements; undefined for an unknown workspace. Credits that have come due are granted first. */
  async credits(workspaceId: string): Promise<CreditsView | undefined> {
    const { store, clock, catalogue } = this.parts;
    const [grounds, account] = await Promise.all([
      usage.findUsageGrounds(store, [workspaceId]),
      credits.viewAccount(store, workspaceId),
    ]);
    const ground = grounds.get(workspaceId);
    if (ground === undefined) return undefined;
    const seen = bringBook(catalogue, ground, account, clock.nowOf(ground));
    const book = seen.isChanged ? await this.bring(workspaceId) : seen;
    const movements = await credits.lastMovements(store, workspaceId, MOVEMENTS_SHOWN);
    return {
      workspaceId,
      balance: creditBalance(book.account),
      granted: creditsGranted(book.account),
      spent: book.account?.spent ?? 0,
      isUnlimited: book.claim?.monthly === 'unlimited',
      monthStartsOn: book.account?.monthStartsOn ?? null,
      resetsOn: book.account?.monthEndsOn ?? null,
      sources: sourcesView(book.account),
      movements,
    };
  }

  private bring(workspaceId: string): Promise<CreditBook> {
    const { store, catalogue } = this.parts;
    return store.transaction(async (tx) => {
      const meter = catalogue.usage.creditLimit ?? '';
      const [accounts, meters, grounds] = await Promise.all([
        credits.openAccounts(tx, [workspaceId]),
        usage.openMeters(tx, [{ workspaceId, meter }]),
        usage.findUsageGrounds(tx, [workspaceId]),
      ]);
      const books = new CreditBooks(this.parts);
      books.bring(accounts, grounds);
      const news = new UsageNews(this.parts);
      await books.save(tx, meters, news);
      await news.tell(tx);
      const book = books.get(workspaceId);
      invariant(book !== undefined, `the workspace ${workspaceId} went away while its credits were read`);
      return book;
    });
  }
}

const blankMeter = (workspaceId: string, meter: string): MeterRow => ({
  ...{ workspaceId, meter, used: 0, firstUsed: 0, since: null, observedAt: null, monthEndsAt: null },
  ...{ reachedPercent: 0, breachEndsAt: null, isBlocked: false, crossings: 0 },
});

type Seeing = { readonly standing: Standing; readonly ground: UsageGround; readonly now: Date };

function meterView(definition: LimitDefinition, stored: MeterRow, { standing, ground, now }: Seeing): MeterView {
  const { timeZone } = ground;
  const isMonthly = definition.resets === 'monthly';
  const row = isMonthly ? rollMeter(stored, standing.anchorOn, timeZone, now) : stored;
  // A month that has ended takes its breach along.
  const breachEndsAt = row === stored ? row.breachEndsAt : null;
  const termEndsAt = standing.endsOn === null ? null : startOfDay(standing.endsOn, timeZone);
  const endsAt = isMonthly ? row.monthEndsAt : termEndsAt;
  const at = isMonthly ? now : row.observedAt;
  return viewOf(
    definition,
    { ...row, breachEndsAt },
    { limit: limitOf(standing.limits, row.meter), at, endsAt, timeZone, now },
  );
}

function creditMeter(definition: LimitDefinition, row: MeterRow, book: CreditBook, now: Date): MeterView {
  const { account, ground } = book;
  const limit = creditLimitOf(book);
  const used = account?.spent ?? 0;
  const month = account === undefined ? null : monthAt(account.monthStartsOn, ground.timeZone, now);
  const isFull = typeof limit === 'object' && used >= limit.amount;
  const breachEndsAt = isFull ? (row.breachEndsAt ?? now) : null;
  const counted = { ...row, used, firstUsed: 0, since: month?.startsAt ?? null, breachEndsAt };
  const { timeZone } = ground;
  return viewOf(definition, counted, { limit, at: now, endsAt: nextGrantAt(book), timeZone, now });
}

type Period = {
  readonly limit: Entitlement;
  /** The instant that the count speaks of. */
  readonly at: Date | null;
  readonly endsAt: Date | null;
  readonly timeZone: string;
  readonly now: Date;
};

function viewOf(
  { name: meter, label, resets }: LimitDefinition,
  { used, firstUsed, since, observedAt, breachEndsAt }: MeterRow,
  { limit, at, endsAt, timeZone, now }: Period,
): MeterView {
  const isKnown = since !== null && at !== null && endsAt !== null;
  return {
    ...{ meter, label, resets, used, limit, percent: usedPercent(used, limit), since, observedAt },
    periodEndsOn: endsAt === null ? null : civilDateIn(endsAt, timeZone),
    projected: isKnown ? projectUse({ firstUsed, since, used, at, endsAt }) : null,
    breachEndsAt,
    newRecordsAllowed: mayAddRecords(limit, breachEndsAt, now),
  };
}
