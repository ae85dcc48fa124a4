import { mayAct, mayDo, ReadOrderHistory } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { cursorAfter, orderQuery, uuid } from '@billfleet/contracts';
import type { OrderQuery } from '@billfleet/contracts';
import type { Action, OrderAction } from '@billfleet/domain';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiQueriesOf } from './api-queries-of.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { orderPageView, orderRowShown } from './views-order-history.js';

/** What a role must allow for each thing that can be done about an order. */
const NEEDED: Readonly<Record<OrderAction, Action>> = { pay: 'pay', 'pay-another-way': 'pay', cancel: 'cancel' };

/** Whether a caller may do something about an order. */
export const mayOnOrder =
  (caller: Caller) =>
  (action: OrderAction): boolean =>
    mayDo(caller, 'publish') && mayAct(caller, NEEDED[action]);

/** The orders of a workspace, for its people to look through. */
@Controller('v1/workspaces/:id')
@ApiTags('Order history')
@ApiBearerAuth()
export class OrderHistoryController {
  constructor(private readonly history: ReadOrderHistory) {}

  @Get('orders')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'listOrders',
    summary: 'Orders, newest first. New orders never move what is on the pages that follow.',
  })
  @ApiQueriesOf(orderQuery)
  @ApiOkResponse({ schema: schemaOf(orderPageView) })
  async list(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: orderQuery }) { after, limit, language, ...wish }: OrderQuery,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const page = await this.history.page(workspaceId, wish, { beforeId: after, limit });
    if (page === undefined) throw notFound('id', workspaceId);
    const reader = { language: language ?? page.locale, may: mayOnOrder(caller) };
    const last = page.hasMore ? page.orders.at(-1) : undefined;
    return {
      orders: page.orders.map((order) => orderRowShown(order, reader)),
      next: last === undefined ? null : cursorAfter(last.id),
    };
  }
}
