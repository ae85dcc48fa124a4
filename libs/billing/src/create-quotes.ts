import { canonicalQuote, installmentOptions, withContracts } from '@billfleet/domain';
import type { Catalogue, InstallmentOption } from '@billfleet/domain';
import type { QuoteRequest } from '@billfleet/contracts';
import type { Clock } from '@billfleet/platform';
import { contracts, quotes, subscriptions, tenants } from '@billfleet/store';
import type { Problem, QuoteRow, Store, SubscriptionFacts, Workspace } from '@billfleet/store';
import { newId, sha256 } from './ids.js';
import { nameMembersInUse } from './name-members.js';
import { priceWish } from './price-wish.js';
import type { AnyQuote } from './price-wish.js';
import { refused, unknownWorkspace } from './requests-once.js';

/** A wish to be priced, and who asks. `mayRefund`: whether the caller is staff, who alone give money back. */
export type QuoteCommand = {
  readonly input: QuoteRequest;
  readonly actorWorkspaceId: string | null;
  readonly mayRefund: boolean;
};

/** A stored quote with its priced content, or why there is none. */
export type QuoteOutcome =
  | {
      readonly kind: 'quoted';
      readonly id: string;
      readonly hash: string;
      readonly expiresAt: Date;
      readonly workspaceId: string;
      readonly quote: AnyQuote;
      /** How it can be paid by card in the workspace's country; none where nothing is to be paid. */
      readonly installments: readonly InstallmentOption[];
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** What a wish is priced from; without a workspace there is nobody to price it for. */
type Ground = {
  readonly catalogue: Catalogue;
  readonly workspace: Workspace | undefined;
  readonly held: SubscriptionFacts | undefined;
  readonly now: Date;
};

type Priced = { readonly kind: 'priced'; readonly row: QuoteRow; readonly outcome: QuoteOutcome };

/** Prices what people want to buy and keeps the proposal, hashed, for as long as the catalogue says. */
export class CreateQuotes {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** All at once: one read, one write. Outcomes are in the order of the commands. */
  async run(commands: readonly QuoteCommand[]): Promise<readonly QuoteOutcome[]> {
    const now = this.clock.now();
    const ids = commands.map(({ input }) => input.workspaceId);
    const changing = commands.flatMap(({ input }) => (input.kind === 'purchase' ? [] : input.workspaceId));
    const [workspaces, held, lists] = await Promise.all([
      tenants.findWorkspaces(this.store, ids),
      subscriptions.findSubscriptionFacts(this.store, changing),
      contracts.listsOf(this.store, ids),
    ]);
    const catalogue = withContracts(this.catalogue, lists);
    const priced = commands.map((command) => {
      const { workspaceId } = command.input;
      return this.price(command, {
        catalogue,
        workspace: workspaces.get(workspaceId),
        held: held.get(workspaceId),
        now,
      });
    });
    const rows = priced.flatMap((one) => (one.kind === 'priced' ? [one.row] : []));
    if (rows.length > 0) await this.store.transaction((tx) => quotes.insertQuotes(tx, rows));
    const outcomes = priced.map((one) => (one.kind === 'priced' ? one.outcome : one));
    return this.named(ids, outcomes);
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
    { catalogue, workspace, held, now }: Ground,
  ): Priced | Extract<QuoteOutcome, { kind: 'refused' }> {
    if (workspace === undefined || (actorWorkspaceId !== null && actorWorkspaceId !== workspace.id)) {
      return unknownWorkspace(input.workspaceId);
    }
    if (input.kind === 'refund' && !mayRefund) {
      return refused(403, {
        code: 'refund_not_allowed',
        field: 'kind',
        found: 'refund',
        wanted: 'the role support or operator, with the scope admin: only staff give money back',
      });
    }
    const priced = priceWish({ request: input, catalogue, workspace, held, now });
    if (priced.kind === 'refused') return refused(priced.status, priced.refusal);
    const { quote } = priced;
    const row = quoteRowOf(quote, workspace.id, { now, quoteMinutes: catalogue.quoteMinutes });
    const { id, hash, expiresAt, workspaceId } = row;
    const installments = this.installmentsOf(quote, workspace.country);
    return { kind: 'priced', row, outcome: { kind: 'quoted', id, hash, expiresAt, workspaceId, quote, installments } };
  }

  private installmentsOf(quote: AnyQuote, country: string): readonly InstallmentOption[] {
    const { amountMinor, currency } = quote;
    if (amountMinor <= 0n) return [];
    const { installments: rules } = this.catalogue;
    return installmentOptions({ country, method: 'card', amountMinor, currency, periodMonths: monthsOf(quote), rules });
  }
}

/** A quote as it is stored: with an id, the hash of its canonical text, and the end of the time for which it is honoured. */
export function quoteRowOf(
  quote: AnyQuote,
  workspaceId: string,
  { now, quoteMinutes }: { readonly now: Date; readonly quoteMinutes: number },
): QuoteRow {
  const { kind, currency, amountMinor } = quote;
  const content = canonicalQuote(quote);
  const expiresAt = new Date(now.getTime() + quoteMinutes * 60_000);
  return { id: newId(), workspaceId, kind, content, hash: sha256(content), currency, amountMinor, expiresAt };
}

/** The months of what is bought: nobody pays in more parts than it lasts. */
export function monthsOf(quote: {
  readonly periodMonths: number;
  readonly addOn?: { readonly termMonths: number } | undefined;
}): number {
  return quote.addOn?.termMonths ?? quote.periodMonths;
}
