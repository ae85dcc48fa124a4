import { renewalReminderQueue } from '@billfleet/contracts';
import type { RequestRenewalReminder } from '@billfleet/contracts';
import { addDays, civilDateIn, decideReminder, invariant, planById, termUnitMinor } from '@billfleet/domain';
import type { Catalogue, CivilDate } from '@billfleet/domain';
import type { Clock } from '@billfleet/platform';
import { reminders, work } from '@billfleet/store';
import type { OwedWork, ReminderToDecide, Store } from '@billfleet/store';
import { acceptForWorkspaces } from './provision-workspaces.js';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import type { OwedMail } from './mails.js';
import { answerOnce } from './requests-once.js';
import type { Command, CommandOutcome } from './requests-once.js';
import type { WorkFailure } from './work-handlers.js';

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

/** How many days before the end a renewal is charged (DESIGN section 7, day −3). */
const CHARGE_DAYS_BEFORE_END = 3;

/** Decides what a subscription needs now and owes the mail that says so. */
export class RemindRenewals {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** Each request is decided once; what was decided is kept with it. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    await this.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const locked = await reminders.lockReminders(
        tx,
        mine.map((item) => item.ref),
      );
      const decided = [...locked.values()]
        .filter((reminder) => reminder.status === 'requested')
        .map((reminder) => this.decide(reminder));
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

  private decide(reminder: ReminderToDecide): { reminder: ReminderToDecide; outcome: string; mail?: OwedMail } {
    const { subscriptionStatus: status, endsOn, autoRenewal } = reminder;
    if (status === null || endsOn === null || autoRenewal === null) return { reminder, outcome: 'no-subscription' };
    if (reminder.billingEmail === null) return { reminder, outcome: 'no-recipient' };
    const today = civilDateIn(this.clock.now(), reminder.timeZone);
    const decision = decideReminder({ subscription: { status, endsOn, autoRenewal }, today });
    if (decision.kind === 'skip') return { reminder, outcome: decision.reason };
    return { reminder, outcome: decision.variant, mail: this.mailOf(reminder, decision.variant, endsOn, today) };
  }

  private mailOf(
    reminder: ReminderToDecide,
    variant: 'will-be-charged' | 'will-expire',
    endsOn: CivilDate,
    today: CivilDate,
  ): OwedMail {
    const chargesOn = addDays(endsOn, -CHARGE_DAYS_BEFORE_END);
    return {
      template: 'renewal_reminder',
      workspaceId: reminder.workspaceId,
      dedupeKey: `renewal_reminder:${reminder.id}`,
      recipient: reminder.billingEmail,
      locale: reminder.locale,
      timeZone: reminder.timeZone,
      facts: {
        variant,
        workspaceName: reminder.workspaceName,
        actionPath: '/billing/plan',
        planName: planById(this.catalogue, reminder.plan ?? '')?.name ?? reminder.plan,
        seats: reminder.seats,
        periodMonths: reminder.periodMonths,
        amount: this.nextTermPrice(reminder),
        endsOn,
        ...(variant === 'will-be-charged'
          ? {
              method: {
                kind: reminder.methodKind ?? 'card',
                ...(reminder.last4 === null ? {} : { last4: reminder.last4 }),
              },
              chargesOn: chargesOn < today ? today : chargesOn,
            }
          : {}),
      },
    };
  }

  /** The next term costs what the subscription's own price list says: it keeps its list until staff move it. */
  private nextTermPrice(reminder: ReminderToDecide): { amountMinor: string; currency: string } {
    const list = this.catalogue.priceLists.find((one) => one.id === reminder.priceList);
    const monthlyMinor = list?.monthlyPriceMinorBySeat[reminder.plan ?? ''];
    const period = this.catalogue.periods.find((one) => one.months === reminder.periodMonths);
    invariant(
      monthlyMinor !== undefined && period !== undefined,
      `the catalogue lost the price of subscription ${reminder.workspaceId}`,
    );
    return {
      amountMinor: (termUnitMinor(monthlyMinor, period) * BigInt(reminder.seats ?? 0)).toString(),
      currency: reminder.currency,
    };
  }
}
