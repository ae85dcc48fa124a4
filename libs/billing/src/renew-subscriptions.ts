import { orderQueue } from '@billfleet/contracts';
import { invariant, withContracts } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import {
  contracts,
  orderPayments,
  orders,
  quotes,
  renewals,
  subscriptions,
  tenants,
  termNotices,
  work,
} from '@billfleet/store';
import type { OwedWork, RenewalToDecide, Store, TermRow, Tx } from '@billfleet/store';
import { oweMails } from './mails.js';
import { openNextWays } from './pay-another-way.js';
import { saveOrders } from './place-orders.js';
import { reminderMail } from './reminder-mail.js';
import { planRenewal } from './renewal-plan.js';
import type { RenewalPlan } from './renewal-plan.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What renewing works with. */
export type RenewSubscriptionsParts = {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly clock: WorkspaceClock;
  readonly providerId: string;
};

type Planned = { readonly one: RenewalToDecide; readonly plan: Extract<RenewalPlan, { kind: 'planned' }> };

/** Carries out what the ends of terms need now: reminders, renewal orders, charges; sets when each has something due next. */
export class RenewSubscriptions {
  constructor(private readonly parts: RenewSubscriptionsParts) {}

  /**
   * The whole batch is read, decided and written at once. Repeats are harmless: what was done for a term is kept with it, under a
   * lock, and a term that cannot be priced fails alone.
   */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    return this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const plans = await this.planAll(
        tx,
        mine.map((item) => item.ref),
      );
      const planned = plans.flatMap(({ one, plan }) => (plan.kind === 'planned' ? [{ one, plan }] : []));
      await this.carryOut(tx, planned);
      const failures = plans.flatMap(({ one, plan }) =>
        plan.kind === 'failed'
          ? failed(
              mine.filter((item) => item.ref === one.id),
              plan.reason,
              plan.severity,
            )
          : [],
      );
      const bad = new Set(failures.map((failure) => failure.id));
      await work.ack(
        tx,
        mine.filter((item) => !bad.has(item.id)),
      );
      return failures;
    });
  }

  private async planAll(
    tx: Tx,
    ids: readonly string[],
  ): Promise<readonly { readonly one: RenewalToDecide; readonly plan: RenewalPlan }[]> {
    const locked = await renewals.lockRenewals(tx, ids, this.parts.catalogue.version);
    const workspaceIds = locked.map((one) => one.workspaceId);
    const { clock, providerId } = this.parts;
    const [workspaces, held, standings, lists] = await Promise.all([
      tenants.findWorkspaces(tx, workspaceIds),
      subscriptions.findSubscriptionFacts(tx, workspaceIds),
      orders.standings(tx, workspaceIds, (workspace) => clock.nowOf(workspace)),
      contracts.listsOf(tx, workspaceIds),
    ]);
    const catalogue = withContracts(this.parts.catalogue, lists);
    return locked.map((one) => {
      const [workspace, facts] = [workspaces.get(one.workspaceId), held.get(one.workspaceId)];
      invariant(workspace !== undefined && facts !== undefined, `subscription ${one.id} has no workspace`);
      const now = clock.nowOf(workspace);
      // What was owed before the pause is put back: it is due as soon as the pause ends.
      if (one.isPaused) return { one, plan: { kind: 'planned', notices: { mails: [], rows: [] }, renewalAt: now } };
      const standing = standings.get(one.workspaceId);
      return { one, plan: planRenewal({ one, workspace, held: facts, standing, catalogue, providerId, now }) };
    });
  }

  private async carryOut(tx: Tx, planned: readonly Planned[]): Promise<void> {
    const made = planned.flatMap(({ plan }) => plan.order ?? []);
    const quoteRows = planned.flatMap(({ plan }) => plan.quote ?? []);
    if (quoteRows.length > 0) await quotes.insertQuotes(tx, quoteRows);
    await saveOrders(tx, made);
    await this.charge(
      tx,
      planned.flatMap(({ plan }) => plan.charge ?? []),
    );
    await this.remind(tx, planned);
    await renewals.recordTerms(
      tx,
      planned.flatMap(({ plan: { term } }) => (term !== undefined && hasNews(term) ? [term] : [])),
    );
    await termNotices.recordNotices(
      tx,
      planned.flatMap(({ plan }) => plan.notices.rows),
    );
    await renewals.setMoments(
      tx,
      planned.map(({ one, plan }) => ({ id: one.id, renewalAt: plan.renewalAt })),
    );
  }

  /** Charges orders that are there: at once, or as soon as the page that is open for them is closed. */
  private async charge(tx: Tx, charges: readonly NonNullable<Planned['plan']['charge']>[]): Promise<void> {
    await orderPayments.chooseNextPayments(tx, charges);
    await work.owe(
      tx,
      orderQueue,
      'checkout.cancel',
      charges.flatMap(({ openAttemptId }) => openAttemptId ?? []),
    );
    await openNextWays(
      tx,
      charges.flatMap(({ orderId, openAttemptId }) =>
        openAttemptId === null ? [{ orderId, provider: this.parts.providerId }] : [],
      ),
    );
  }

  private async remind(tx: Tx, planned: readonly Planned[]): Promise<void> {
    const mails = planned.flatMap(({ one, plan: { mail, order } }) => {
      const orderId = order?.order.id ?? (one.order?.status === 'awaiting_payment' ? one.order.id : undefined);
      return mail === undefined ? [] : [{ mail, orderId }];
    });
    const facts = await orders.findMailFacts(
      tx,
      mails.flatMap(({ orderId }) => orderId ?? []),
    );
    const reminders = mails.map(({ mail, orderId }) => {
      const found = orderId === undefined ? undefined : facts.get(orderId);
      return reminderMail({ ...mail, order: found === undefined ? null : { id: found.orderId, number: found.number } });
    });
    await oweMails(tx, [...reminders, ...planned.flatMap(({ plan }) => plan.notices.mails)]);
  }
}

/** A look at which nothing is done leaves no trace. */
const hasNews = ({ reminder, orderId, isCharged }: TermRow): boolean =>
  reminder !== null || orderId !== null || isCharged;
