import { ReduceSeats, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { reduceSeats, uuid } from '@billfleet/contracts';
import type { ReduceSeats as ReduceSeatsBody } from '@billfleet/contracts';
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
import { seatReductionView } from './views-members.js';

/** Seats that staff take back in the middle of a term. */
@Controller('v1/workspaces/:id/seat-reductions')
@ApiTags('Seats')
@ApiBearerAuth()
export class SeatsController {
  constructor(
    private readonly reductions: ReduceSeats,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post()
  @Needs('admin')
  @Does('reduce-seats')
  @ApiOperation({
    operationId: 'reduceSeats',
    summary: 'Take seats back at once, with a reason. With a quote of the kind `refund` their rest is given back.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(reduceSeats) })
  @ApiCreatedResponse({ schema: schemaOf(seatReductionView) })
  async reduce(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: reduceSeats }) body: ReduceSeatsBody,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<SeatChangeView> {
    checkTenant(caller, workspaceId, 'id');
    const input = { ...body, workspaceId, actor: requesterOf(caller) };
    const outcome = await this.reductions.run(commandOf(input, idempotencyKey, caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return this.view(workspaceId, outcome.ref);
  }

  @Get(':reductionId')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'getSeatReduction', summary: 'A reduction and where its refunds stand.' })
  @ApiOkResponse({ schema: schemaOf(seatReductionView) })
  async get(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Param('reductionId', { schema: uuid }) reductionId: string,
    @TheCaller() caller: Caller,
  ): Promise<SeatChangeView> {
    checkTenant(caller, workspaceId, 'id');
    return this.view(workspaceId, reductionId);
  }

  private async view(workspaceId: string, id: string): Promise<SeatChangeView> {
    const change = await seatChanges.viewSeatChange(this.store, id);
    if (change?.workspaceId !== workspaceId) throw notFound('reductionId', id);
    return change;
  }
}
