import { KeepDetails, requesterOf } from '@billfleet/billing';
import type { Caller, KeptDetails } from '@billfleet/billing';
import { detailsChangeQuery, invoiceDetails, taxpayer, uuid } from '@billfleet/contracts';
import type { DetailsChangeQuery, InvoiceDetails, Taxpayer } from '@billfleet/contracts';
import { billingDetails, Store } from '@billfleet/store';
import type { DetailsKind, DetailsView, Queryable } from '@billfleet/store';
import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import {
  detailsChangesView,
  invoiceDetailsShown,
  invoiceDetailsView,
  taxpayerDetailsShown,
  taxpayerDetailsView,
} from './views-billing-details.js';

/** What invoices carry of a workspace, and who it is for the tax office. */
@Controller('v1/workspaces/:id')
@ApiTags('Billing details')
@ApiBearerAuth()
export class BillingDetailsController {
  constructor(
    private readonly details: KeepDetails,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Get('invoice-details')
  @Needs('read')
  @Does('see-details')
  @ApiOperation({
    operationId: 'getInvoiceDetails',
    summary: 'What invoices carry of the buyer, as orders from now on copy it. Tax numbers are masked for staff.',
  })
  @ApiOkResponse({ schema: schemaOf(invoiceDetailsView) })
  async getInvoiceDetails(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    return invoiceDetailsShown(await this.find('invoice', workspaceId, caller), caller);
  }

  @Put('invoice-details')
  @Needs('publish')
  @Does('change-details')
  @ApiOperation({
    operationId: 'putInvoiceDetails',
    summary: 'Replace all invoice details; an empty object takes them away. Orders that are there keep what they have.',
  })
  @ApiBody({ schema: schemaOf(invoiceDetails, 'input') })
  @ApiOkResponse({ schema: schemaOf(invoiceDetailsView) })
  async putInvoiceDetails(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: invoiceDetails }) body: InvoiceDetails,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const outcome = await this.details.keepInvoiceDetails(workspaceId, body, requesterOf(caller));
    return invoiceDetailsShown(kept(outcome), caller);
  }

  @Get('taxpayer-details')
  @Needs('read')
  @Does('see-details')
  @ApiOperation({
    operationId: 'getTaxpayerDetails',
    summary:
      'Who the payer is for the tax office, whether the country asks for it, and what is missing. Numbers are masked for staff.',
  })
  @ApiOkResponse({ schema: schemaOf(taxpayerDetailsView) })
  async getTaxpayerDetails(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    return taxpayerDetailsShown(await this.find('taxpayer', workspaceId, caller), caller);
  }

  @Put('taxpayer-details')
  @Needs('publish')
  @Does('change-details')
  @ApiOperation({
    operationId: 'putTaxpayerDetails',
    summary: 'Replace the taxpayer details of a workspace in Brazil. Orders that are there keep what they have.',
  })
  @ApiBody({ schema: schemaOf(taxpayer, 'input') })
  @ApiOkResponse({ schema: schemaOf(taxpayerDetailsView) })
  async putTaxpayerDetails(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: taxpayer }) body: Taxpayer,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    return taxpayerDetailsShown(kept(await this.details.keepTaxpayer(workspaceId, body, requesterOf(caller))), caller);
  }

  @Get('details-changes')
  @Needs('read')
  @Does('see-details')
  @ApiOperation({
    operationId: 'listDetailsChanges',
    summary: 'Who changed which fields of the details, and when, newest first. What stood in them is not shown.',
  })
  @ApiOkResponse({ schema: schemaOf(detailsChangesView) })
  async listChanges(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: detailsChangeQuery }) { before, limit }: DetailsChangeQuery,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    // One more than is shown: it says whether there is a next page.
    const rows = await billingDetails.listChanges(this.store, workspaceId, { before, limit: limit + 1 });
    const changes = rows.slice(0, limit);
    return { changes, next: rows.length > limit ? (changes.at(-1)?.version ?? null) : null };
  }

  private async find<Kind extends DetailsKind>(
    kind: Kind,
    workspaceId: string,
    caller: Caller,
  ): Promise<DetailsView<Kind>> {
    checkTenant(caller, workspaceId, 'id');
    const view = await billingDetails.viewDetails(this.store, kind, workspaceId);
    if (view === undefined) throw notFound('id', workspaceId);
    return view;
  }
}

function kept<Kind extends DetailsKind>(outcome: KeptDetails<Kind>): DetailsView<Kind> {
  if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
  return outcome.view;
}
