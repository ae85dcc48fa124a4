import { RefundOrders, RefundsByHand, requesterOf, WorkspaceClock } from '@billfleet/billing';
import type { Caller, CommandOutcome } from '@billfleet/billing';
import { giveRefundOutside, refundOrder, refundQuery, retryRefund, uuid } from '@billfleet/contracts';
import type { GiveRefundOutside, RefundOrder, RefundQuery, RetryRefund } from '@billfleet/contracts';
import { refunds, Store } from '@billfleet/store';
import type { OrderToRefund, Queryable, RefundView } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import {
  orderRefundsView,
  refundable,
  refundableView,
  refundPage,
  refundPageView,
  refundView,
} from './views-refunds.js';

/** Money of orders that goes back: what staff give, what the provider has in hand, and what waits for a person. */
@Controller('v1')
@ApiTags('Refunds')
@ApiBearerAuth()
export class RefundsController {
  constructor(
    private readonly orders: RefundOrders,
    private readonly byHand: RefundsByHand,
    private readonly clock: WorkspaceClock,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Get('orders/:id/refundable')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({
    operationId: 'getRefundable',
    summary: 'What could go back of an order now: all, or its unused days.',
  })
  @ApiOkResponse({ schema: schemaOf(refundableView) })
  async refundable(
    @Param('id', { schema: uuid }) orderId: string,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof refundable>> {
    return refundable(await this.order(orderId, caller), this.clock);
  }

  @Post('orders/:id/refunds')
  @Needs('admin')
  @Does('refund')
  @ApiOperation({
    operationId: 'refundOrder',
    summary:
      'Give money of an order back to the payment that it came from: all that is left, an amount, the unused days, or what a quote says for seats that are taken back.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(refundOrder) })
  @ApiCreatedResponse({ schema: schemaOf(refundView) })
  async refund(
    @Param('id', { schema: uuid }) orderId: string,
    @Body({ schema: refundOrder }) refund: RefundOrder,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<RefundView> {
    const { workspaceId } = await this.order(orderId, caller);
    const input = { workspaceId, orderId, refund, actor: requesterOf(caller) };
    return this.answer(await this.orders.run(commandOf(input, idempotencyKey, caller)));
  }

  @Get('orders/:id/refunds')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'listOrderRefunds', summary: 'All refunds of an order, oldest first.' })
  @ApiOkResponse({ schema: schemaOf(orderRefundsView) })
  async ofOrder(
    @Param('id', { schema: uuid }) orderId: string,
    @TheCaller() caller: Caller,
  ): Promise<{ readonly refunds: readonly RefundView[] }> {
    await this.order(orderId, caller);
    return { refunds: await refunds.refundsOfOrder(this.store, orderId) };
  }

  @Get('refunds')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({
    operationId: 'listOpenRefunds',
    summary: 'Refunds that are not given yet, oldest first; with `needsPerson=true` those that wait for a person.',
  })
  @ApiOkResponse({ schema: schemaOf(refundPageView) })
  async open(
    @Query({ schema: refundQuery }) { workspaceId, needsPerson, after, limit }: RefundQuery,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof refundPage>> {
    const wanted = workspaceId ?? caller.workspaceId ?? undefined;
    if (wanted !== undefined) checkTenant(caller, wanted, 'workspaceId');
    const page = { workspaceId: wanted, needsPerson: needsPerson === true, afterId: after, limit };
    return refundPage(await refunds.listOpenRefunds(this.store, page), limit);
  }

  @Get('refunds/:id')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'getRefund', summary: 'One refund and where it stands.' })
  @ApiOkResponse({ schema: schemaOf(refundView) })
  async get(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<RefundView> {
    return this.view(id, caller);
  }

  @Post('refunds/:id/retry')
  @HttpCode(200)
  @Needs('admin')
  @Does('refund')
  @ApiOperation({ operationId: 'retryRefund', summary: 'Have the provider asked again for a refund that failed.' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(retryRefund) })
  @ApiOkResponse({ schema: schemaOf(refundView) })
  async retry(
    @Param('id', { schema: uuid }) refundId: string,
    @Body({ schema: retryRefund }) { reason }: RetryRefund,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<RefundView> {
    const { workspaceId } = await this.view(refundId, caller);
    const input = { workspaceId, refundId, reason, actor: requesterOf(caller) };
    return this.answer(await this.byHand.retry(commandOf(input, idempotencyKey, caller)));
  }

  @Post('refunds/:id/given-outside')
  @HttpCode(200)
  @Needs('admin')
  @Does('refund')
  @ApiOperation({
    operationId: 'giveRefundOutside',
    summary: 'Record that a refund which waits for a person was given in another way, with proof.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(giveRefundOutside) })
  @ApiOkResponse({ schema: schemaOf(refundView) })
  async giveOutside(
    @Param('id', { schema: uuid }) refundId: string,
    @Body({ schema: giveRefundOutside }) given: GiveRefundOutside,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<RefundView> {
    const { workspaceId } = await this.view(refundId, caller);
    const input = { workspaceId, refundId, given, actor: requesterOf(caller) };
    return this.answer(await this.byHand.giveOutside(commandOf(input, idempotencyKey, caller)));
  }

  private async order(id: string, caller: Caller): Promise<OrderToRefund> {
    const order = await refunds.findOrderToRefund(this.store, id);
    if (order === undefined) throw notFound('id', id);
    checkTenant(caller, order.workspaceId, 'id');
    return order;
  }

  private async view(id: string, caller: Caller): Promise<RefundView> {
    const found = await refunds.viewRefund(this.store, id);
    if (found === undefined) throw notFound('id', id);
    checkTenant(caller, found.workspaceId, 'id');
    return found;
  }

  private async answer(outcome: CommandOutcome): Promise<RefundView> {
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    const found = await refunds.viewRefund(this.store, outcome.ref);
    if (found === undefined) throw notFound('id', outcome.ref);
    return found;
  }
}
