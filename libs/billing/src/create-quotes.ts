import { canonicalQuote, installmentOptions, quotePurchase } from '@billfleet/domain';
import type { Catalogue, InstallmentOption, PricedQuote } from '@billfleet/domain';
import type { QuoteRequest } from '@billfleet/contracts';
import type { Clock } from '@billfleet/platform';
import { quotes, tenants } from '@billfleet/store';
import type { Problem, QuoteRow, Store, Workspace } from '@billfleet/store';
import { newId, sha256 } from './ids.js';
import { refused } from './requests-once.js';

/** A wish to be priced, and who asks. */
export type QuoteCommand = { readonly input: QuoteRequest; readonly actorWorkspaceId: string | null };

/** A stored quote with its priced content, or why there is none. */
export type QuoteOutcome =
  | {
      readonly kind: 'quoted';
      readonly id: string;
      readonly hash: string;
      readonly expiresAt: Date;
      readonly workspaceId: string;
      readonly quote: PricedQuote;
      /** How it can be paid by card in the workspace's country. */
      readonly installments: readonly InstallmentOption[];
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

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
    const workspaces = await tenants.findWorkspaces(
      this.store,
      commands.map((command) => command.input.workspaceId),
    );
    const priced = commands.map((command) => this.price(command, workspaces.get(command.input.workspaceId), now));
    const rows = priced.flatMap((one) => (one.kind === 'priced' ? [one.row] : []));
    if (rows.length > 0) await this.store.transaction((tx) => quotes.insertQuotes(tx, rows));
    return priced.map((one) => (one.kind === 'priced' ? one.outcome : one));
  }

  private price(
    { input, actorWorkspaceId }: QuoteCommand,
    workspace: Workspace | undefined,
    now: Date,
  ): Priced | Extract<QuoteOutcome, { kind: 'refused' }> {
    if (workspace === undefined || (actorWorkspaceId !== null && actorWorkspaceId !== workspace.id)) {
      return refused(404, {
        code: 'workspace_unknown',
        field: 'workspaceId',
        found: input.workspaceId,
        wanted: 'the id of a workspace that this key may touch',
      });
    }
    const { catalogue } = this;
    const { plan, seats, periodMonths } = input;
    const priced = quotePurchase({ catalogue, workspace, plan, seats, periodMonths, now });
    if (priced.kind === 'refused') return refused(422, priced);
    const { quote } = priced;
    const { currency, amountMinor } = quote;
    const content = canonicalQuote(quote);
    const expiresAt = new Date(now.getTime() + catalogue.quoteMinutes * 60_000);
    const [id, hash, workspaceId] = [newId(), sha256(content), workspace.id];
    const { country } = workspace;
    const rules = catalogue.installments;
    const installments = installmentOptions({ country, method: 'card', amountMinor, currency, periodMonths, rules });
    return {
      kind: 'priced',
      row: { id, workspaceId, kind: 'purchase', content, hash, currency, amountMinor, expiresAt },
      outcome: { kind: 'quoted', id, hash, expiresAt, workspaceId, quote, installments },
    };
  }
}
