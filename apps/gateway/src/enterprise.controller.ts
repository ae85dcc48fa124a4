import { MoveEnterpriseRequests, RequestEnterpriseContracts, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { enterpriseRequestFilter, moveEnterpriseRequest, requestEnterprise, uuid } from '@billfleet/contracts';
import type { EnterpriseRequestFilter, MoveEnterpriseRequest, RequestEnterprise } from '@billfleet/contracts';
import { enterpriseRequests, Store } from '@billfleet/store';
import type { EnterpriseRequestView, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { accepted } from './accepted.js';
import type { Accepted } from './accepted.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { enterpriseRequestsView, enterpriseRequestView } from './views-enterprise.js';
import { acceptedView } from './views.js';

type Page = { readonly items: readonly EnterpriseRequestView[]; readonly nextCursor: string | null };

/** Wishes for an Enterprise contract, from the first word until they are won or lost. */
@Controller('v1/enterprise-requests')
@ApiTags('Enterprise')
@ApiBearerAuth()
export class EnterpriseController {
  constructor(
    private readonly requests: RequestEnterpriseContracts,
    private readonly moves: MoveEnterpriseRequests,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post()
  @HttpCode(202)
  @Needs('publish')
  @Does('request-contract')
  @ApiOperation({
    operationId: 'requestEnterprise',
    summary: 'Ask for an Enterprise contract. While a request of the workspace is open, the answer is that one.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(requestEnterprise) })
  @ApiAcceptedResponse({ schema: schemaOf(acceptedView) })
  async request(
    @Body({ schema: requestEnterprise }) input: RequestEnterprise,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Accepted> {
    const [outcome] = await this.requests.run([commandOf(input, idempotencyKey, caller)]);
    if (outcome === undefined) throw notFound('workspaceId', input.workspaceId);
    return accepted(outcome, (ref) => `/v1/enterprise-requests/${ref}`);
  }

  @Get()
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'listEnterpriseRequests', summary: 'Requests, newest first, in pages.' })
  @ApiQuery({ name: 'state', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiOkResponse({ schema: schemaOf(enterpriseRequestsView) })
  async list(
    @Query({ schema: enterpriseRequestFilter }) { state: status, cursor, limit }: EnterpriseRequestFilter,
    @TheCaller() caller: Caller,
  ): Promise<Page> {
    if (caller.workspaceId !== null) throw notFound('workspaceId', caller.workspaceId);
    // One more than wanted tells whether there is a further page.
    const wanted = { status, beforeId: cursor, limit: limit + 1 };
    const found = await enterpriseRequests.listEnterpriseRequests(this.store, wanted);
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @Needs('read')
  @Does('see-request')
  @ApiOperation({ operationId: 'getEnterpriseRequest', summary: 'One request with its history.' })
  @ApiOkResponse({ schema: schemaOf(enterpriseRequestView) })
  async get(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<EnterpriseRequestView> {
    const request = await enterpriseRequests.viewEnterpriseRequest(this.store, id);
    if (request === undefined) throw notFound('id', id);
    checkTenant(caller, request.workspaceId, 'id');
    return request;
  }

  @Post(':id/moves')
  @HttpCode(200)
  @Needs('admin')
  @Does('manage-contracts')
  @ApiOperation({
    operationId: 'moveEnterpriseRequest',
    summary: 'Move a request to its next state. One that is there already stays so.',
  })
  @ApiBody({ schema: schemaOf(moveEnterpriseRequest) })
  @ApiOkResponse({ schema: schemaOf(enterpriseRequestView) })
  async move(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: moveEnterpriseRequest }) move: MoveEnterpriseRequest,
    @TheCaller() caller: Caller,
  ): Promise<EnterpriseRequestView> {
    const request = await enterpriseRequests.viewEnterpriseRequest(this.store, id);
    if (request === undefined) throw notFound('id', id);
    checkTenant(caller, request.workspaceId, 'id');
    const outcome = await this.moves.run(id, move, requesterOf(caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return (await enterpriseRequests.viewEnterpriseRequest(this.store, id)) ?? request;
  }
}
