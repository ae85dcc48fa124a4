import { mayAct, mayDo } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { idempotencyKey, placeOrder, quoteRequest, uuid } from '@billfleet/contracts';
import type { PlaceOrder } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { requests, Store } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accepted } from './accepted.js';
import type { Accepted } from './accepted.js';
import { callerOf, checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { Doors } from './doors.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { QUOTE_ANSWER_TYPE, quoteAnswer } from './quote-answer.js';
import { checkedBody } from './request-validation.js';
import { acceptedView, quoteView, requestView } from './views.js';

/** Buying: quotes and orders, and what became of a request. */
@Controller('v1')
@ApiTags('Buying')
@ApiBearerAuth()
export class SalesController {
  constructor(
    private readonly doors: Doors,
    @Inject(Store) private readonly store: Queryable,
    @Inject('base') private readonly base: Base,
  ) {}

  @Post('quotes')
  @Needs('publish')
  @Does('buy')
  @ApiOperation({
    operationId: 'createQuote',
    summary: 'Price a purchase, a change, an add-on, a renewal or a refund. Honoured to the cent until its end.',
  })
  @ApiBody({ schema: schemaOf(quoteRequest, 'input') })
  @ApiCreatedResponse({ schema: schemaOf(quoteView) })
  // Body and caller are taken by hand, and the answer is sent as it is: prices are asked for more often than all else, and pipes and what
  // Nest does with a returned value would cost a tenth of a quote.
  async createQuote(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const input = checkedBody(quoteRequest, request.body);
    const caller = callerOf(request);
    const outcome = await this.doors.quotes.add({
      input,
      actorWorkspaceId: caller.workspaceId,
      mayRefund: mayDo(caller, 'admin') && mayAct(caller, 'refund'),
    });
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    void reply.header('content-type', QUOTE_ANSWER_TYPE).send(quoteAnswer(outcome));
  }

  @Post('orders')
  @HttpCode(202)
  @Needs('publish')
  @Does('buy')
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
  ): Promise<Accepted> {
    const answer = accepted(
      await this.doors.orders.add(commandOf(input, idempotencyKey, caller)),
      (ref) => `/v1/orders/${ref}`,
    );
    const { id: orderId, isReplay, href } = answer;
    const { workspaceId } = input;
    this.base.log.info({ orderId, workspaceId, isReplay, requestId: reply.request.id }, 'order accepted');
    void reply.header('location', href);
    return answer;
  }

  @Get('workspaces/:id/requests/:key')
  @Needs('read')
  @Does('read-billing')
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
  if (operation === 'order.pay-offline') return `/v1/orders/${ref}/offline-payment`;
  if (operation === 'enterprise.request') return `/v1/enterprise-requests/${ref}`;
  if (operation === 'contract.make') return `/v1/contracts/${ref}`;
  if (operation === 'renewal-reminder.request') return `/v1/renewal-reminders/${ref}`;
  if (operation === 'usage.report') return `/v1/workspaces/${ref}/usage`;
  if (operation === 'seat-provisioning.request') return `/v1/workspaces/${ref}/entitlements`;
  if (operation === 'seat-check.request') return `/v1/workspaces/${ref}/seat-check`;
  return null;
}
