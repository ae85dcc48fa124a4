import { AccessNow, ManageSubscriptions, requesterOf } from '@billfleet/billing';
import type { Caller, ManageOutcome } from '@billfleet/billing';
import { movePriceList, replaceMethod, scheduleChange, switchAutoRenewal, uuid } from '@billfleet/contracts';
import type { MovePriceList, ReplaceMethod, ScheduleChange, SwitchAutoRenewal } from '@billfleet/contracts';
import { management, Store } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { accepted } from './accepted.js';
import type { Accepted } from './accepted.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { Doors } from './doors.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { acceptedView, methodSetupView, subscriptionView } from './views.js';

/** What a workspace's admins see and switch of their subscription. */
@Controller('v1/workspaces/:id')
@ApiTags('Subscription')
@ApiBearerAuth()
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: ManageSubscriptions,
    private readonly doors: Doors,
    @Inject(Store) private readonly store: Queryable,
    private readonly access: AccessNow,
  ) {}

  @Get('subscription')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getSubscription',
    summary: 'Plan, seats, terms, add-ons, automatic renewal, planned change and stored methods.',
  })
  @ApiOkResponse({ schema: schemaOf(subscriptionView) })
  async getSubscription(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const view = await management.viewSubscription(this.store, workspaceId);
    if (view === undefined) throw notFound('id', workspaceId);
    return { ...this.access.on(view), dataKeptUntil: this.access.keptUntil(view) };
  }

  @Put('scheduled-change')
  @HttpCode(204)
  @Needs('publish')
  @Does('buy')
  @ApiOperation({
    operationId: 'scheduleChange',
    summary: 'Plan what a quote of the kind `scheduled-change` says for the next term.',
  })
  @ApiNoContentResponse()
  async schedule(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: scheduleChange }) { quoteId }: ScheduleChange,
    @TheCaller() caller: Caller,
  ): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    check(await this.subscriptions.schedule(workspaceId, quoteId, requesterOf(caller)));
  }

  @Delete('scheduled-change')
  @HttpCode(204)
  @Needs('publish')
  @Does('buy')
  @ApiOperation({ operationId: 'undoScheduledChange', summary: 'Take the planned change back.' })
  @ApiNoContentResponse()
  async unschedule(@Param('id', { schema: uuid }) workspaceId: string, @TheCaller() caller: Caller): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    check(await this.subscriptions.unschedule(workspaceId, requesterOf(caller)));
  }

  @Put('auto-renewal')
  @HttpCode(204)
  @Needs('publish')
  @Does('switch-auto-renewal')
  @ApiOperation({ operationId: 'switchAutoRenewal', summary: 'Turn automatic renewal on or off.' })
  @ApiNoContentResponse()
  async switchAutoRenewal(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: switchAutoRenewal }) { on }: SwitchAutoRenewal,
    @TheCaller() caller: Caller,
  ): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    check(await this.subscriptions.switchAutoRenewal(workspaceId, on, requesterOf(caller)));
  }

  @Put('price-list')
  @HttpCode(204)
  @Needs('admin')
  @Does('move-price-lists')
  @ApiOperation({
    operationId: 'movePriceList',
    summary: 'Move a subscription to another price list from its next term on; null leaves it on its own.',
  })
  @ApiNoContentResponse()
  async movePriceList(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: movePriceList }) move: MovePriceList,
    @TheCaller() caller: Caller,
  ): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    check(await this.subscriptions.movePriceList(workspaceId, move, requesterOf(caller)));
  }

  @Post('payment-methods')
  @HttpCode(202)
  @Needs('publish')
  @Does('pay')
  @ApiOperation({
    operationId: 'replaceMethod',
    summary:
      'Put a new method in the place of the stored one. Nothing is charged and automatic renewal stays as it is.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async replaceMethod(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: replaceMethod }) { token }: ReplaceMethod,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    checkTenant(caller, workspaceId, 'id');
    const input = { workspaceId, token, by: requesterOf(caller) };
    const outcome = await this.doors.methods.add(commandOf(input, idempotencyKey, caller));
    return accepted(outcome, (ref) => `/v1/workspaces/${workspaceId}/payment-methods/setups/${ref}`);
  }

  @Get('payment-methods/setups/:setupId')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({ operationId: 'getMethodSetup', summary: 'What became of a method that was to be stored.' })
  @ApiOkResponse({ schema: schemaOf(methodSetupView) })
  async getSetup(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Param('setupId', { schema: uuid }) setupId: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const setup = (await management.findSetups(this.store, [setupId])).get(setupId);
    if (setup?.workspaceId !== workspaceId) throw notFound('setupId', setupId);
    const { id, status, failure } = setup;
    return { id, workspaceId, status, failure };
  }
}

function check(outcome: ManageOutcome): void {
  if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
}
