import type { Caller, Command, CommandOutcome } from '@billfleet/billing';
import { recordPaymentConfirmation, requestRenewalReminder, requestSeatProvisioning, uuid } from '@billfleet/contracts';
import type {
  NaturalBatch,
  RecordPaymentConfirmation,
  RequestRenewalReminder,
  RequestSeatProvisioning,
} from '@billfleet/contracts';
import { reminders, Store } from '@billfleet/store';
import type { Queryable, ReminderView } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accepted } from './accepted.js';
import type { Accepted } from './accepted.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { Doors } from './doors.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { hrefOf } from './sales.controller.js';
import { acceptedView, reminderView } from './views.js';

const accept = async <Input extends { readonly workspaceId: string }>(
  door: NaturalBatch<Command<Input>, CommandOutcome>,
  operation: string,
  request: { readonly input: Input; readonly idempotencyKey: string; readonly caller: Caller },
): Promise<Accepted> => {
  const { input, idempotencyKey, caller } = request;
  const outcome = await door.add(commandOf(input, idempotencyKey, caller));
  const fallback = `/v1/workspaces/${input.workspaceId}/requests/${encodeURIComponent(idempotencyKey)}`;
  return accepted(outcome, (ref) => hrefOf(operation, ref) ?? fallback);
};

/** What upstream services report and ask for besides orders. */
@Controller('v1')
@ApiTags('Upstream services')
@ApiBearerAuth()
export class RequestsController {
  constructor(
    private readonly doors: Doors,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post('payment-confirmations')
  @HttpCode(202)
  @Needs('publish')
  @Does('pay')
  @ApiOperation({
    operationId: 'recordPaymentConfirmation',
    summary: 'Say that a payment happened. A provider’s payment is read back from the provider before it counts.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  recordConfirmation(
    @Body({ schema: recordPaymentConfirmation }) input: RecordPaymentConfirmation,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    return accept(this.doors.confirmations, 'payment-confirmation.record', { input, idempotencyKey, caller });
  }

  @Post('seat-provisionings')
  @HttpCode(202)
  @Needs('publish')
  @Does('provision')
  @ApiOperation({
    operationId: 'requestSeatProvisioning',
    summary: 'Apply whatever a workspace has paid for, and tell the host product again.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  requestProvisioning(
    @Body({ schema: requestSeatProvisioning }) input: RequestSeatProvisioning,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    return accept(this.doors.provisioning, 'seat-provisioning.request', { input, idempotencyKey, caller });
  }

  @Post('renewal-reminders')
  @HttpCode(202)
  @Needs('publish')
  @Does('provision')
  @ApiOperation({
    operationId: 'requestRenewalReminder',
    summary: 'Remind a workspace of its renewal by mail, if there is something to remind of.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  requestReminder(
    @Body({ schema: requestRenewalReminder }) input: RequestRenewalReminder,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    return accept(this.doors.reminders, 'renewal-reminder.request', { input, idempotencyKey, caller });
  }

  @Get('renewal-reminders/:id')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({ operationId: 'getRenewalReminder', summary: 'What was decided about a reminder.' })
  @ApiOkResponse({ schema: schemaOf(reminderView) })
  async getReminder(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<ReminderView> {
    const reminder = await reminders.viewReminder(this.store, id);
    if (reminder === undefined) throw notFound('id', id);
    checkTenant(caller, reminder.workspaceId, 'id');
    return reminder;
  }
}
