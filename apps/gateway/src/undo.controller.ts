import { requesterOf, UndoOrders, WorkspaceClock } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { undoOrder, uuid } from '@billfleet/contracts';
import type { UndoOrder } from '@billfleet/contracts';
import { refunds, Store, undo } from '@billfleet/store';
import type { OrderToUndo, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { undoable, undoView } from './views-refunds.js';

/** Paid changes that are undone on their own day. */
@Controller('v1/orders/:id/undo')
@ApiTags('Refunds')
@ApiBearerAuth()
export class UndoController {
  constructor(
    private readonly undos: UndoOrders,
    private readonly clock: WorkspaceClock,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Get()
  @Needs('read')
  @Does('undo')
  @ApiOperation({ operationId: 'getUndo', summary: 'Whether an order can be undone now, and until when.' })
  @ApiOkResponse({ schema: schemaOf(undoView) })
  get(
    @Param('id', { schema: uuid }) orderId: string,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof undoable>> {
    return this.view(orderId, caller);
  }

  @Post()
  @HttpCode(200)
  @Needs('publish')
  @Does('undo')
  @ApiOperation({
    operationId: 'undoOrder',
    summary:
      'Undo a paid purchase, change or add-on on its own day: its price goes back in full, and what it gave is taken back.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(undoOrder) })
  @ApiOkResponse({ schema: schemaOf(undoView) })
  async undo(
    @Param('id', { schema: uuid }) orderId: string,
    @Body({ schema: undoOrder }) { reason }: UndoOrder,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof undoable>> {
    const { workspaceId } = await this.order(orderId, caller);
    const input = { workspaceId, orderId, reason, actor: requesterOf(caller) };
    const outcome = await this.undos.run(commandOf(input, idempotencyKey, caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return this.view(orderId, caller);
  }

  private async view(orderId: string, caller: Caller): Promise<ReturnType<typeof undoable>> {
    const order = await this.order(orderId, caller);
    return undoable(order, await refunds.refundsOfOrder(this.store, orderId), this.clock);
  }

  private async order(id: string, caller: Caller): Promise<OrderToUndo> {
    const order = await undo.findOrderToUndo(this.store, id);
    if (order === undefined) throw notFound('id', id);
    checkTenant(caller, order.workspaceId, 'id');
    return order;
  }
}
