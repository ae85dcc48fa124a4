import type { Caller, Command, CommandOutcome } from '@billfleet/billing';
import { payAnotherWay, uuid } from '@billfleet/contracts';
import type { NaturalBatch, PayAnotherWay } from '@billfleet/contracts';
import { orders, Store } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accepted } from './accepted.js';
import type { Accepted } from './accepted.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { Doors } from './doors.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { acceptedView } from './views.js';

/** What can still be done about an order that nobody has paid. */
@Controller('v1/orders/:id')
@ApiTags('Buying')
@ApiBearerAuth()
export class OrdersController {
  constructor(
    private readonly doors: Doors,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post('payments')
  @HttpCode(202)
  @Needs('publish')
  @Does('pay')
  @ApiOperation({
    operationId: 'payAnotherWay',
    summary:
      'Pay the same order another way: the way that is open is closed at the provider first, then the new one opens. The same way again goes on where it is.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async payAnotherWay(
    @Param('id', { schema: uuid }) orderId: string,
    @Body({ schema: payAnotherWay }) payment: PayAnotherWay,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    const workspaceId = await this.workspaceOf(orderId, caller);
    return this.accept(this.doors.payments, { workspaceId, orderId, payment }, { idempotencyKey, caller });
  }

  @Post('cancellation')
  @HttpCode(202)
  @Needs('publish')
  @Does('cancel')
  @ApiOperation({
    operationId: 'cancelOrder',
    summary: 'Take an unpaid order back. Money that comes all the same is refunded.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async cancel(
    @Param('id', { schema: uuid }) orderId: string,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    const workspaceId = await this.workspaceOf(orderId, caller);
    return this.accept(this.doors.cancellations, { workspaceId, orderId }, { idempotencyKey, caller });
  }

  private async workspaceOf(orderId: string, caller: Caller): Promise<string> {
    const workspaceId = await orders.workspaceOf(this.store, orderId);
    if (workspaceId === undefined) throw notFound('id', orderId);
    checkTenant(caller, workspaceId, 'id');
    return workspaceId;
  }

  private async accept<Input extends { readonly workspaceId: string; readonly orderId: string }>(
    door: NaturalBatch<Command<Input>, CommandOutcome>,
    input: Input,
    { idempotencyKey, caller }: { readonly idempotencyKey: string; readonly caller: Caller },
  ): Promise<Accepted> {
    const outcome = await door.add(commandOf(input, idempotencyKey, caller));
    return accepted(outcome, (ref) => `/v1/orders/${ref}`);
  }
}
