import { canonicalQuote, quotePurchase } from '@billfleet/domain';
import type { Catalogue, PricedQuote } from '@billfleet/domain';
import type { QuoteRequest } from '@billfleet/contracts';
import type { Clock } from '@billfleet/platform';
import { quotes, tenants } from '@billfleet/store';
import type { Problem, QuoteRow, Store } from '@billfleet/store';
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
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

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
    const rows: QuoteRow[] = [];
    const outcomes = commands.map(({ input, actorWorkspaceId }): QuoteOutcome => {
      const workspace = workspaces.get(input.workspaceId);
      if (workspace === undefined || (actorWorkspaceId !== null && actorWorkspaceId !== workspace.id)) {
        return refused(404, {
          code: 'workspace_unknown',
          field: 'workspaceId',
          found: input.workspaceId,
          wanted: 'the id of a workspace that this key may touch',
        });
      }
      const priced = quotePurchase({
        catalogue: this.catalogue,
        workspace,
        plan: input.plan,
        seats: input.seats,
        periodMonths: input.periodMonths,
        now,
      });
      if (priced.kind === 'refused') return refused(422, priced);
      const { quote } = priced;
      const content = canonicalQuote(quote);
      const row: QuoteRow = {
        id: newId(),
        workspaceId: workspace.id,
        kind: 'purchase',
        content,
        hash: sha256(content),
        currency: quote.currency,
        amountMinor: quote.amountMinor,
        expiresAt: new Date(now.getTime() + this.catalogue.quoteMinutes * 60_000),
      };
      rows.push(row);
      return { kind: 'quoted', id: row.id, hash: row.hash, expiresAt: row.expiresAt, workspaceId: workspace.id, quote };
    });
    if (rows.length > 0) await this.store.transaction((tx) => quotes.insertQuotes(tx, rows));
    return outcomes;
  }
}
