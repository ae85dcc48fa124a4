import {
  canonicalQuote,
  canonicalText,
  installmentOptions,
  settleRefund,
  taxIdRequired,
  withContracts,
} from '@billfleet/domain';
import type { Catalogue, InstallmentOption, PaidSale, PricedChange } from '@billfleet/domain';
import type { QuoteRequest } from '@billfleet/contracts';
import { contracts, quotes, seatChanges, subscriptions, tenants } from '@billfleet/store';
import type { Problem, QuoteRow, Store, StoredWorkspace, SubscriptionFacts } from '@billfleet/store';
import { newId, sha256 } from './ids.js';
import { KeptWorkspaces } from './kept-workspaces.js';
import { nameMembersInUse } from './name-members.js';
import { priceWish } from './price-wish.js';
import type { AnyQuote } from './price-wish.js';
import { PurchasePrices } from './purchase-prices.js';
import type { WrittenPrice } from './purchase-prices.js';
import { refused, unknownWorkspace } from './requests-once.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** A wish to be priced, and who asks. `mayRefund`: whether the caller is staff, who alone give money back. */
export type QuoteCommand = {
  readonly input: QuoteRequest;
  readonly actorWorkspaceId: string | null;
  readonly mayRefund: boolean;
};

/** A stored quote with its content, or why there is none. */
export type QuoteOutcome =
  | {
      readonly kind: 'quoted';
      readonly id: string;
      readonly hash: string;
      readonly expiresAt: Date;
      readonly workspaceId: string;
      /** The canonical text of the quote, which the hash covers. */
      readonly content: string;
      /** How it can be paid by card in the workspace's country, as JSON; none where nothing is to be paid. */
      readonly installments: string;
      /** What an order of it must bring along, since the workspace has not stored it. */
      readonly detailsNeeded: readonly 'taxpayer'[];
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** What a wish is priced from; without a workspace there is nobody to price it for. */
type Ground = {
  readonly catalogue: Catalogue;
  readonly workspace: StoredWorkspace | undefined;
  readonly held: SubscriptionFacts | undefined;
  /** The payments that a refund would go back to. */
  readonly payments: readonly PaidSale[];
  /** Workspaces that have a contract. */
  readonly withContract: ReadonlySet<string>;
};

type Priced = {
  readonly kind: 'priced';
  readonly row: QuoteRow;
  readonly outcome: QuoteOutcome;
  /** Keeps the price, once its content is stored. */
  readonly keep: () => void;
};

type Offer = Omit<Priced, 'kind' | 'keep'>;

/** A wish that may have been priced already, from its workspace in a version that is yet to be confirmed. */
export type PreparedQuote = QuoteCommand & { readonly early?: Offer; readonly version?: string };

type Purchase = Extract<QuoteRequest, { kind: 'purchase' }>;

const isForeign = (actorWorkspaceId: string | null, { id }: Pick<StoredWorkspace, 'id'>): boolean =>
  actorWorkspaceId !== null && actorWorkspaceId !== id;

/** Prices what people want to buy and keeps the proposal, hashed, for as long as the catalogue says. */
export class CreateQuotes {
  private readonly prices: PurchasePrices;
  private readonly kept = new KeptWorkspaces();

  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly clock: WorkspaceClock,
  ) {
    this.prices = new PurchasePrices(catalogue);
  }

  /**
   * Prices a purchase as soon as it arrives, where its workspace and its price are kept, so that nothing but the write is left for the
   * batch. What cannot be priced this way, or is not for sale, waits for those who read.
   */
  prepare(command: QuoteCommand): PreparedQuote {
    const { input, actorWorkspaceId, mayRefund } = command;
    if (input.kind !== 'purchase') return command;
    const workspace = this.kept.find(input.workspaceId);
    const early = workspace === undefined ? undefined : this.known(input, actorWorkspaceId, workspace);
    if (workspace === undefined || early === undefined) return command;
    return { input, actorWorkspaceId, mayRefund, early, version: workspace.version };
  }

  private known(input: Purchase, actorWorkspaceId: string | null, workspace: StoredWorkspace): Offer | undefined {
    const now = this.clock.nowOf(workspace);
    const price = this.prices.find(this.prices.nameOf(workspace, input, now, false));
    if (price === undefined || isForeign(actorWorkspaceId, workspace)) return undefined;
    return this.offer(workspace, 'purchase', price, now);
  }

  /** All at once. Outcomes are in the order of the commands. */
  async run(commands: readonly PreparedQuote[]): Promise<readonly QuoteOutcome[]> {
    const isStored = await this.storeEarly(commands);
    const late = isStored ? commands.filter(({ early }) => early === undefined) : commands;
    const outcomes = (late.length === 0 ? [] : await this.priceRead(late)).values();
    const done: QuoteOutcome[] = [];
    for (const { early } of commands) {
      const outcome = isStored && early !== undefined ? early.outcome : outcomes.next().value;
      if (outcome !== undefined) done.push(outcome);
    }
    return done;
  }

  /**
   * One write and no read: the write itself finds out whether all workspaces are still what they were when their purchases were priced,
   * and whether what the prices say is stored. If not, nothing is stored, and all are priced again.
   */
  private async storeEarly(commands: readonly PreparedQuote[]): Promise<boolean> {
    const rows: QuoteRow[] = [];
    const versions: string[] = [];
    for (const { early, version } of commands) {
      if (early === undefined || version === undefined) continue;
      rows.push(early.row);
      versions.push(version);
    }
    if (rows.length === 0) return false;
    if (await this.store.single((tx) => quotes.storeQuotesUnlessChanged(tx, rows, versions))) return true;
    this.kept.forget(rows.map((row) => row.workspaceId));
    return false;
  }

  /** Wishes of any kind: one read, one write. */
  private async priceRead(commands: readonly QuoteCommand[]): Promise<readonly QuoteOutcome[]> {
    const ids = commands.map(({ input }) => input.workspaceId);
    const changing = commands.flatMap(({ input }) => (input.kind === 'purchase' ? [] : input.workspaceId));
    const [workspaces, held, lists] = await Promise.all([
      tenants.findWorkspaces(this.store, ids),
      subscriptions.findSubscriptionFacts(this.store, changing),
      contracts.listsOf(this.store, ids),
    ]);
    const withContract = new Set(lists.flatMap((list) => list.workspaceId ?? []));
    // What a test clock shows is read anew each time: it moves without its workspaces becoming others.
    this.kept.keep([...workspaces.values()].filter(({ id, clockAt }) => clockAt === null && !withContract.has(id)));
    const catalogue = withContracts(this.catalogue, lists);
    const payments = await this.paymentsOf(commands, held);
    const priced = commands.map((command) => {
      const { workspaceId } = command.input;
      const workspace = workspaces.get(workspaceId);
      return this.price(command, {
        catalogue,
        workspace,
        held: held.get(workspaceId),
        withContract,
        payments: payments.get(command) ?? [],
      });
    });
    const offered = priced.filter((one) => one.kind === 'priced');
    const rows = offered.map((one) => one.row);
    if (rows.length > 0) await this.store.single((tx) => quotes.storeQuotes(tx, rows));
    for (const one of offered) one.keep();
    const outcomes = priced.map((one) => (one.kind === 'priced' ? one.outcome : one));
    return this.named(ids, outcomes);
  }

  /** Where refunds would go back to, by their commands. Staff ask for them one at a time. */
  private async paymentsOf(
    commands: readonly QuoteCommand[],
    held: ReadonlyMap<string, SubscriptionFacts>,
  ): Promise<ReadonlyMap<QuoteCommand, readonly PaidSale[]>> {
    const refunds = commands.flatMap((command) => {
      const { input, mayRefund } = command;
      const subscription = held.get(input.workspaceId);
      return input.kind === 'refund' && mayRefund && subscription !== undefined
        ? [{ command, subscriptionId: subscription.id, orderId: input.orderId }]
        : [];
    });
    const found = await Promise.all(
      refunds.map(({ subscriptionId, orderId }) => seatChanges.paymentsLeft(this.store, subscriptionId, orderId)),
    );
    return new Map(refunds.map(({ command }, index) => [command, found[index] ?? []]));
  }

  /** Refusals for seats in use say who could be disabled. */
  private async named(ids: readonly string[], outcomes: readonly QuoteOutcome[]): Promise<readonly QuoteOutcome[]> {
    const refusals = outcomes.flatMap((one, index) =>
      one.kind === 'refused' ? [{ index, workspaceId: ids[index] ?? '', problem: one.problem }] : [],
    );
    const problems = await nameMembersInUse(this.store, refusals);
    const problemAt = new Map(refusals.map(({ index }, position) => [index, problems[position]]));
    return outcomes.map((one, index) => {
      const problem = problemAt.get(index);
      return problem === undefined ? one : { kind: 'refused', problem };
    });
  }

  private price(
    { input, actorWorkspaceId, mayRefund }: QuoteCommand,
    { catalogue, workspace, held, withContract, payments }: Ground,
  ): Priced | Extract<QuoteOutcome, { kind: 'refused' }> {
    if (workspace === undefined || isForeign(actorWorkspaceId, workspace)) {
      return unknownWorkspace(input.workspaceId);
    }
    const now = this.clock.nowOf(workspace);
    if (input.kind === 'refund' && !mayRefund) {
      return refused(403, {
        code: 'refund_not_allowed',
        field: 'kind',
        found: 'refund',
        wanted: 'the role support or operator, with the scope admin: only staff give money back',
      });
    }
    const name =
      input.kind === 'purchase' ? this.prices.nameOf(workspace, input, now, withContract.has(workspace.id)) : undefined;
    const priced = priceWish({ request: input, catalogue, workspace, held, now });
    if (priced.kind === 'refused') return refused(priced.status, priced.refusal);
    const quote = input.kind === 'refund' ? settleRefund(priced.quote as PricedChange, payments) : priced.quote;
    const price = this.write(quote, workspace.country);
    const offer = this.offer(workspace, quote.kind, price, now);
    return { kind: 'priced', ...offer, keep: () => this.prices.keep(name, price) };
  }

  private write(quote: AnyQuote, country: string): WrittenPrice {
    return { ...textOf(quote), installments: canonicalText(this.installmentsOf(quote, country)) };
  }

  private offer(workspace: StoredWorkspace, kind: QuoteRow['kind'], price: WrittenPrice, now: Date): Offer {
    const { installments, ...text } = price;
    const workspaceId = workspace.id;
    const row = rowOf(text, { workspaceId, kind }, { now, quoteMinutes: this.catalogue.quoteMinutes });
    const { id, hash, expiresAt, content } = row;
    const needsTaxpayer = text.amountMinor > 0n && taxIdRequired(workspace.country) && !workspace.hasTaxpayer;
    const detailsNeeded = needsTaxpayer ? (['taxpayer'] as const) : [];
    return { row, outcome: { kind: 'quoted', id, hash, expiresAt, workspaceId, content, installments, detailsNeeded } };
  }

  private installmentsOf(quote: AnyQuote, country: string): readonly InstallmentOption[] {
    const { amountMinor, currency } = quote;
    if (amountMinor <= 0n) return [];
    const { installments: rules } = this.catalogue;
    return installmentOptions({ country, method: 'card', amountMinor, currency, periodMonths: monthsOf(quote), rules });
  }
}

type QuoteText = Omit<WrittenPrice, 'installments'>;
type Validity = { readonly now: Date; readonly quoteMinutes: number };

function textOf(quote: AnyQuote): QuoteText {
  const content = canonicalQuote(quote);
  return { content, hash: sha256(content), currency: quote.currency, amountMinor: quote.amountMinor };
}

function rowOf(
  text: QuoteText,
  subject: Pick<QuoteRow, 'workspaceId' | 'kind'>,
  { now, quoteMinutes }: Validity,
): QuoteRow {
  return { id: newId(), ...subject, ...text, expiresAt: new Date(now.getTime() + quoteMinutes * 60_000) };
}

/** A quote as it is stored: with an id, the hash of its canonical text, and the end of the time for which it is honoured. */
export function quoteRowOf(quote: AnyQuote, workspaceId: string, validity: Validity): QuoteRow {
  return rowOf(textOf(quote), { workspaceId, kind: quote.kind }, validity);
}

/** The months of what is bought: nobody pays in more parts than it lasts. */
export function monthsOf(quote: {
  readonly periodMonths: number;
  readonly addOn?: { readonly termMonths: number } | undefined;
}): number {
  return quote.addOn?.termMonths ?? quote.periodMonths;
}
