import { CloseSubscriptions, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { closeSubscription, uuid } from '@billfleet/contracts';
import type { CloseSubscription } from '@billfleet/contracts';
import { seatChanges, Store } from '@billfleet/store';
import type { Queryable, SeatChangeView } from '@billfleet/store';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
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
import { closingView } from './views-closings.js';

/** Subscriptions that staff close for good, with their whole rest given back or not. */
@Controller('v1/workspaces/:id/closings')
@ApiTags('Staff')
@ApiBearerAuth()
export class ClosingsController {
  constructor(
    private readonly closings: CloseSubscriptions,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post()
  @Needs('admin')
  @Does('close-subscriptions')
  @ApiOperation({
    operationId: 'closeSubscription',
    summary:
      'Close a subscription for good, with a reason. With a quote of the kind `refund` its whole rest is given back.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(closeSubscription) })
  @ApiCreatedResponse({ schema: schemaOf(closingView) })
  async close(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: closeSubscription }) { reason, quoteId }: CloseSubscription,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Omit<SeatChangeView, 'seats'>> {
    checkTenant(caller, workspaceId, 'id');
    const input = { workspaceId, reason, quoteId, actor: requesterOf(caller) };
    const outcome = await this.closings.run(commandOf(input, idempotencyKey, caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return this.view(workspaceId, outcome.ref);
  }

  @Get(':closingId')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'getClosing', summary: 'A closing and where its refunds stand.' })
  @ApiOkResponse({ schema: schemaOf(closingView) })
  async get(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Param('closingId', { schema: uuid }) closingId: string,
    @TheCaller() caller: Caller,
  ): Promise<Omit<SeatChangeView, 'seats'>> {
    checkTenant(caller, workspaceId, 'id');
    return this.view(workspaceId, closingId);
  }

  private async view(workspaceId: string, id: string): Promise<Omit<SeatChangeView, 'seats'>> {
    const change = await seatChanges.viewSeatChange(this.store, id);
    // Fewer seats in mid-term are kept in the same place; they are no closing.
    if (change?.workspaceId !== workspaceId || change.seats !== 0) throw notFound('closingId', id);
    const { seats: _none, ...closing } = change;
    return closing;
  }
}
