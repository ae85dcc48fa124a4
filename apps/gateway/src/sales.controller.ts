import { AccessNow, mayDo } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { idempotencyKey, placeOrder, quoteRequest, uuid } from '@billfleet/contracts';
import type { PlaceOrder, QuoteRequest } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { orders, requests, Store, subscriptions } from '@billfleet/store';
import type { OrderView, Queryable } from '@billfleet/store';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { checkTenant, Needs, notFound, TheCaller } from './api-key.guard.js';
import { Doors } from './doors.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { acceptedView, entitlementsView, orderView, quoteView, requestView } from './views.js';

/** Buying: quotes, orders, and what a workspace has. */
@Controller('v1')
@ApiTags('Buying')
@ApiBearerAuth()
export class SalesController {
  constructor(
    private readonly doors: Doors,
    @Inject(Store) private readonly store: Queryable,
    @Inject('base') private readonly base: Base,
    private readonly access: AccessNow,
  ) {}

  @Post('quotes')
  @Needs('publish')
  @ApiOperation({
    operationId: 'createQuote',
    summary: 'Price a purchase, a change, an add-on, a renewal or a refund. Honoured to the cent until its end.',
  })
  @ApiCreatedResponse({ schema: schemaOf(quoteView) })
  async createQuote(
    @Body({ schema: quoteRequest }) body: QuoteRequest,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    const outcome = await this.doors.quotes.add({
      input: body,
      actorWorkspaceId: caller.workspaceId,
      mayRefund: mayDo(caller, 'admin'),
    });
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    const { quote, id: quoteId, workspaceId, installments, hash, expiresAt } = outcome;
    return { id: quoteId, workspaceId, ...fieldsAsText(quote), installments: asText(installments), hash, expiresAt };
  }

  @Post('orders')
  @HttpCode(202)
  @Needs('publish')
  @ApiOperation({
    operationId: 'placeOrder',
    summary: 'Order what was quoted. Committed once answered; the fleet opens the checkout.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async placeOrder(
    @Body({ schema: placeOrder }) input: PlaceOrder,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    const outcome = await this.doors.orders.add({
      input,
      idempotencyKey,
      source: 'http',
      actorWorkspaceId: caller.workspaceId,
    });
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    const href = `/v1/orders/${outcome.ref}`;
    this.base.log.info(
      { orderId: outcome.ref, workspaceId: input.workspaceId, isReplay: outcome.isReplay, requestId: reply.request.id },
      'order accepted',
    );
    void reply.header('location', href);
    return { id: outcome.ref, status: 'accepted', isReplay: outcome.isReplay, href };
  }

  @Get('orders/:id')
  @Needs('read')
  @ApiOperation({ operationId: 'getOrder', summary: 'An order, its ways to pay and its history.' })
  @ApiOkResponse({ schema: schemaOf(orderView) })
  async getOrder(@Param('id', { schema: uuid }) orderId: string, @TheCaller() caller: Caller): Promise<OrderView> {
    const order = await orders.viewOrder(this.store, orderId);
    if (order === undefined) throw notFound('id', orderId);
    checkTenant(caller, order.workspaceId, 'id');
    return order;
  }

  @Get('workspaces/:id/entitlements')
  @Needs('read')
  @ApiOperation({
    operationId: 'getEntitlements',
    summary: 'What a workspace may use now. Answers 304 to a known ETag.',
  })
  @ApiOkResponse({ schema: schemaOf(entitlementsView) })
  async getEntitlements(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown> | undefined> {
    checkTenant(caller, workspaceId, 'id');
    const found = await subscriptions.viewEntitlements(this.store, workspaceId);
    if (found === undefined) throw notFound('id', workspaceId);
    const view = this.access.on(found);
    const etag = `"${workspaceId}-${String(view.version)}-${view.status}-${view.access}"`;
    void reply.header('etag', etag);
    if (known !== etag) return view;
    void reply.status(304);
    return undefined;
  }

  @Get('workspaces/:id/requests/:key')
  @Needs('read')
  @ApiOperation({
    operationId: 'getRequest',
    summary: 'What became of an idempotency key, whichever door it came through.',
  })
  @ApiOkResponse({ schema: schemaOf(requestView) })
  async getRequest(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Param('key', { schema: idempotencyKey }) key: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const name = { workspaceId, idempotencyKey: key };
    const found = (await requests.findRequests(this.store, [name])).get(requests.requestNameText(name));
    if (found === undefined) throw notFound('key', key);
    const { operation, status, ref, problem } = found;
    return { idempotencyKey: key, operation, status, ref, href: ref === null ? null : hrefOf(operation, ref), problem };
  }
}

/** Where the thing that a request made can be seen. */
export function hrefOf(operation: string, ref: string): string | null {
  if (operation === 'order.place') return `/v1/orders/${ref}`;
  if (operation === 'renewal-reminder.request') return `/v1/renewal-reminders/${ref}`;
  if (operation === 'seat-provisioning.request') return `/v1/workspaces/${ref}/entitlements`;
  return null;
}

/** JSON has no bigint: amounts travel as text. */
function asText(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(asText);
  return typeof value === 'object' && value !== null ? fieldsAsText(value) : value;
}

const fieldsAsText = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, field]) => [name, asText(field)]));
