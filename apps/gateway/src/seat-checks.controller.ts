import type { Caller } from '@billfleet/billing';
import { requestSeatCheck, uuid } from '@billfleet/contracts';
import type { RequestSeatCheck } from '@billfleet/contracts';
import { seatChecks, Store } from '@billfleet/store';
import type { Queryable, SeatCheckView } from '@billfleet/store';
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
import { Doors } from './doors.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { acceptedView } from './views.js';
import { seatCheckView } from './views-members.js';

/** What is paid for against what the host product really gives. */
@Controller('v1')
@ApiTags('Seats')
@ApiBearerAuth()
export class SeatChecksController {
  constructor(
    private readonly doors: Doors,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post('seat-checks')
  @HttpCode(202)
  @Needs('publish')
  @Does('check-seats')
  @ApiOperation({
    operationId: 'requestSeatCheck',
    summary: 'Ask the host product what it gives a workspace, and tell it again where that differs from what is paid.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(requestSeatCheck) })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async request(
    @Body({ schema: requestSeatCheck }) input: RequestSeatCheck,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    const actorWorkspaceId = caller.workspaceId;
    const outcome = await this.doors.seatChecks.add({ input, idempotencyKey, source: 'http', actorWorkspaceId });
    return accepted(outcome, (ref) => `/v1/workspaces/${ref}/seat-check`);
  }

  @Get('workspaces/:id/seat-check')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({ operationId: 'getSeatCheck', summary: 'The last check of a workspace, and what still differs.' })
  @ApiOkResponse({ schema: schemaOf(seatCheckView) })
  async get(@Param('id', { schema: uuid }) workspaceId: string, @TheCaller() caller: Caller): Promise<SeatCheckView> {
    checkTenant(caller, workspaceId, 'id');
    const view = await seatChecks.viewSeatCheck(this.store, workspaceId);
    if (view === undefined) throw notFound('id', workspaceId);
    return view;
  }
}
