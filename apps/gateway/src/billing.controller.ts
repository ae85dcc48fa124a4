import { ReadBilling, ReadOffers } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { offersQuery, uuid } from '@billfleet/contracts';
import type { OffersQuery } from '@billfleet/contracts';
import { installmentOptions } from '@billfleet/domain';
import type { Catalogue, Currency } from '@billfleet/domain';
import type { Base } from '@billfleet/platform';
import { quotes, Store, tenants } from '@billfleet/store';
import type { Queryable, StoredQuote } from '@billfleet/store';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { billingShown, billingShownView, offersShown, offersView, storedQuoteView } from './views-billing.js';

/** What the billing page shows first, and what can be chosen from. */
@Controller('v1')
@ApiTags('Buying')
@ApiBearerAuth()
export class BillingController {
  constructor(
    private readonly billing: ReadBilling,
    private readonly choices: ReadOffers,
    @Inject(Store) private readonly store: Queryable,
    @Inject('catalogue') private readonly catalogue: Catalogue,
    @Inject('base') private readonly base: Base,
  ) {}

  @Get('workspaces/:id/billing')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getBilling',
    summary: 'Where a workspace stands: subscription or trial, next term and its price, stored method, unpaid orders.',
  })
  @ApiOkResponse({ schema: schemaOf(billingShownView) })
  async overview(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const found = await this.billing.overview(workspaceId);
    if (found === undefined) throw notFound('id', workspaceId);
    return billingShown(found, methodPageOf(this.base));
  }

  @Get('workspaces/:id/offers')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getOffers',
    summary: 'What is on sale for a workspace today: plans, periods, add-ons and ways to pay, with its prices.',
  })
  @ApiQuery({ name: 'seats', required: false, schema: { type: 'integer' } })
  @ApiOkResponse({ schema: schemaOf(offersView) })
  async offers(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: offersQuery }) { seats }: OffersQuery,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const found = await this.choices.offers(workspaceId, seats);
    if (found === undefined) throw notFound('id', workspaceId);
    return offersShown(found);
  }

  @Get('quotes/:id')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({ operationId: 'getQuote', summary: 'A quote as it was answered, and the order that came of it.' })
  @ApiOkResponse({ schema: schemaOf(storedQuoteView) })
  async getQuote(
    @Param('id', { schema: uuid }) quoteId: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    const quote = await quotes.findQuote(this.store, quoteId);
    if (quote === undefined) throw notFound('id', quoteId);
    checkTenant(caller, quote.workspaceId, 'id');
    const { id, workspaceId, hash, expiresAt, usedBy: orderId } = quote;
    const installments = await this.installmentsOf(quote);
    return { id, workspaceId, ...quote.content, installments, hash, expiresAt, orderId };
  }

  /** The parts that the answer of `POST /v1/quotes` had: they are worked out anew, since only the price is stored. */
  private async installmentsOf({ workspaceId, content }: StoredQuote): Promise<readonly object[]> {
    const workspace = (await tenants.findWorkspaces(this.store, [workspaceId])).get(workspaceId);
    const { amountMinor, currency, periodMonths, addOn } = content as QuoteContent;
    const amount = BigInt(amountMinor);
    if (workspace === undefined || amount <= 0n) return [];
    const options = installmentOptions({
      ...{ country: workspace.country, method: 'card', amountMinor: amount, currency },
      ...{ periodMonths: addOn?.termMonths ?? periodMonths, rules: this.catalogue.installments },
    });
    return options.map(({ count, amountsMinor }) => ({ count, amountsMinor: amountsMinor.map(String) }));
  }
}

/** Where the provider takes a method to be stored; the sandbox has a page that stands for the fields of a real one. */
const methodPageOf = ({ config }: Base): string | null => `${config.sandboxUrl.replace(/\/+$/, '')}/fields`;

type QuoteContent = {
  readonly amountMinor: string;
  readonly currency: Currency;
  readonly periodMonths: number;
  readonly addOn?: { readonly termMonths: number };
};
