import { renewalReminderQueue } from '@billfleet/contracts';
import type { RequestRenewalReminder } from '@billfleet/contracts';
import { civilDateIn, decideReminder, invariant, quoteChange, withContracts } from '@billfleet/domain';
import type { Catalogue, CivilDate, PricedChange } from '@billfleet/domain';
import { contracts, reminders, subscriptions, work } from '@billfleet/store';
import type { OwedWork, ReminderToDecide, Store, SubscriptionFacts } from '@billfleet/store';
import { acceptForWorkspaces } from './provision-workspaces.js';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import { subscriptionOf } from './price-wish.js';
import { reminderMail } from './reminder-mail.js';
import type { OwedMail } from './mails.js';
import { answerOnce } from './requests-once.js';
import type { Command, CommandOutcome } from './requests-once.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** Takes requests to remind a workspace of its renewal. */
export class RequestReminders {
  constructor(private readonly store: Store) {}

  /** `ref` is the id of the reminder, which says later what was decided. */
  run(commands: readonly Command<RequestRenewalReminder>[]): Promise<readonly CommandOutcome[]> {
    return this.store.transaction((tx) =>
      answerOnce(tx, 'renewal-reminder.request', commands, async (fresh) => {
        const outcomes = await acceptForWorkspaces(tx, fresh, () => newId());
        const rows = outcomes.flatMap((one, index) => {
          const workspaceId = fresh[index]?.input.workspaceId;
          return one.kind === 'accepted' && workspaceId !== undefined ? [{ id: one.ref, workspaceId }] : [];
        });
        await reminders.insertReminders(tx, rows);
        await work.owe(
          tx,
          renewalReminderQueue,
          'reminder.decide',
          rows.map((row) => row.id),
        );
        return outcomes;
      }),
    );
  }
}

/** Decides what a subscription needs now and owes the mail that says so. */
export class RemindRenewals {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly clock: WorkspaceClock,
  ) {}

  /** Each request is decided once; what was decided is kept with it. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    await this.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const locked = await reminders.lockReminders(
        tx,
        mine.map((item) => item.ref),
      );
      const asked = [...locked.values()].filter((reminder) => reminder.status === 'requested');
      const workspaceIds = asked.map((reminder) => reminder.workspaceId);
      const [held, lists] = await Promise.all([
        subscriptions.findSubscriptionFacts(tx, workspaceIds),
        contracts.listsOf(tx, workspaceIds),
      ]);
      const catalogue = withContracts(this.catalogue, lists);
      const decided = asked.map((reminder) => this.decide(reminder, held.get(reminder.workspaceId), catalogue));
      await oweMails(
        tx,
        decided.flatMap((one) => one.mail ?? []),
      );
      await reminders.settleReminders(
        tx,
        decided.map(({ reminder, outcome, mail }) => ({
          id: reminder.id,
          status: mail === undefined ? 'skipped' : 'sent',
          outcome,
          termEndsOn: reminder.endsOn,
        })),
      );
      await work.ack(tx, mine);
    });
    return [];
  }

  private decide(
    reminder: ReminderToDecide,
    held: SubscriptionFacts | undefined,
    catalogue: Catalogue,
  ): { reminder: ReminderToDecide; outcome: string; mail?: OwedMail } {
    const { subscriptionStatus: status, endsOn, autoRenewal } = reminder;
    if (held === undefined || status === null || endsOn === null || autoRenewal === null) {
      return { reminder, outcome: 'no-subscription' };
    }
    if (reminder.billingEmail === null) return { reminder, outcome: 'no-recipient' };
    const today = civilDateIn(this.clock.nowOf(reminder), reminder.timeZone);
    const decision = decideReminder({ subscription: { status, endsOn, autoRenewal }, today });
    if (decision.kind === 'skip') return { reminder, outcome: decision.reason };
    const next = { endsOn: held.endsOn, term: this.nextTerm(reminder, held, catalogue) };
    return { reminder, outcome: decision.variant, mail: this.mailOf(reminder, next, decision.variant, today) };
  }

  private mailOf(
    reminder: ReminderToDecide,
    { endsOn, term: next }: { readonly endsOn: CivilDate; readonly term: PricedChange },
    variant: 'will-be-charged' | 'will-expire',
    today: CivilDate,
  ): OwedMail {
    return reminderMail({
      catalogue: this.catalogue,
      workspace: { ...reminder, id: reminder.workspaceId, name: reminder.workspaceName },
      dedupeKey: `renewal_reminder:${reminder.id}`,
      next,
      endsOn,
      today,
      variant,
      method: reminder.methodKind === null ? null : { kind: reminder.methodKind, last4: reminder.last4 },
      order: null,
    });
  }

  /** The next term is priced by the very function that prices its order: what is told is what is charged. */
  private nextTerm(
    { id, workspaceId, country, currency, timeZone, clockAt }: ReminderToDecide,
    held: SubscriptionFacts,
    catalogue: Catalogue,
  ): PricedChange {
    const priced = quoteChange({
      catalogue,
      workspace: { id: workspaceId, country, currency, timeZone },
      subscription: subscriptionOf(held),
      change: { kind: 'renewal' },
      now: this.clock.nowOf({ clockAt }),
    });
    invariant(
      priced.kind === 'quoted',
      `reminder ${id}: the catalogue lost the price of the renewal of ${workspaceId}`,
    );
    return priced.quote;
  }
}
