import { RecordOfflinePayments } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { recordOfflinePayment, uuid } from '@billfleet/contracts';
import type { RecordOfflinePayment } from '@billfleet/contracts';
import { offlinePayments, orders, Store } from '@billfleet/store';
import type { OfflinePaymentView, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { accepted } from './accepted.js';
import type { Accepted } from './accepted.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { offlinePaymentView } from './views-enterprise.js';
import { acceptedView } from './views.js';

/** Orders that were paid outside of every provider. */
@Controller('v1/orders/:id')
@ApiTags('Offline payments')
@ApiBearerAuth()
export class OfflinePaymentsController {
  constructor(
    private readonly payments: RecordOfflinePayments,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post('offline-payments')
  @HttpCode(202)
  @Needs('admin')
  @Does('record-offline-payment')
  @ApiOperation({
    operationId: 'recordOfflinePayment',
    summary: 'Mark an unpaid order as paid outside, with proof. What is open at a provider is closed.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(recordOfflinePayment) })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async record(
    @Param('id', { schema: uuid }) orderId: string,
    @Body({ schema: recordOfflinePayment }) payment: RecordOfflinePayment,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    const workspaceId = await orders.workspaceOf(this.store, orderId);
    if (workspaceId === undefined) throw notFound('id', orderId);
    checkTenant(caller, workspaceId, 'id');
    const outcome = await this.payments.run(commandOf({ workspaceId, orderId, payment }, idempotencyKey, caller));
    return accepted(outcome, (ref) => `/v1/orders/${ref}`);
  }

  @Get('offline-payment')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'getOfflinePayment', summary: 'What was paid outside for an order, and its proof.' })
  @ApiOkResponse({ schema: schemaOf(offlinePaymentView) })
  async get(@Param('id', { schema: uuid }) orderId: string, @TheCaller() caller: Caller): Promise<OfflinePaymentView> {
    const payment = await offlinePayments.viewOfflinePayment(this.store, orderId);
    if (payment === undefined) throw notFound('id', orderId);
    checkTenant(caller, payment.workspaceId, 'id');
    return payment;
  }
}
