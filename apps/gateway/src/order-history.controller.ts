import { mayAct, mayDo, ReadOrderHistory } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { cursorAfter, oneOrderQuery, orderExportQuery, orderQuery, uuid } from '@billfleet/contracts';
import type { OneOrderQuery, OrderExportQuery, OrderQuery } from '@billfleet/contracts';
import type { Action, OrderAction } from '@billfleet/domain';
import { orderCsv } from '@billfleet/outbound';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiQueriesOf } from './api-queries-of.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { orderInFullShown, orderInFullView, orderPageView, orderRowShown } from './views-order-history.js';

/** What a role must allow for each thing that can be done about an order. */
const NEEDED: Readonly<Record<OrderAction, Action>> = { pay: 'pay', 'pay-another-way': 'pay', cancel: 'cancel' };

/** Whether a caller may do something about an order. */
export const mayOnOrder =
  (caller: Caller) =>
  (action: OrderAction): boolean =>
    mayDo(caller, 'publish') && mayAct(caller, NEEDED[action]);

/** The orders of a workspace, for its people to look through. */
@Controller('v1')
@ApiTags('Order history')
@ApiBearerAuth()
export class OrderHistoryController {
  constructor(private readonly history: ReadOrderHistory) {}

  @Get('workspaces/:id/orders')
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
  @Get('workspaces/:id/orders.csv')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'exportOrders',
    summary: 'All orders that fit as CSV, newest first, while they are read.',
  })
  @ApiQueriesOf(orderExportQuery)
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async exportCsv(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: orderExportQuery }) { language, bom: hasByteOrderMark, ...wish }: OrderExportQuery,
    @TheCaller() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    const found = await this.history.all(workspaceId, wish);
    if (found === undefined) throw notFound('id', workspaceId);
    const { locale, timeZone, pages } = found;
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="orders.csv"')
      .header('cache-control', 'no-store')
      .send(orderCsv(pages, { language: language ?? locale, timeZone, hasByteOrderMark }));
  }

  @Get('orders/:id')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getOrder',
    summary: 'An order, its ways to pay, what went back, and what happened to it as one list.',
  })
  @ApiQueriesOf(oneOrderQuery)
  @ApiOkResponse({ schema: schemaOf(orderInFullView) })
  async get(
    @Param('id', { schema: uuid }) orderId: string,
    @Query({ schema: oneOrderQuery }) { language }: OneOrderQuery,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    const found = await this.history.order(orderId);
    if (found === undefined) throw notFound('id', orderId);
    checkTenant(caller, found.view.workspaceId, 'id');
    return orderInFullShown(found, { language: language ?? found.locale, may: mayOnOrder(caller) });
  }
}
