import { ReadLimitFixes, ReadUsage } from '@billfleet/billing';
import type { Caller, CreditsView, EntitlementsSeen, MeterSeen, UsageView } from '@billfleet/billing';
import { reportUsageBody, spendCreditsBody, uuid } from '@billfleet/contracts';
import type { ReportUsageBody, SpendCreditsBody } from '@billfleet/contracts';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { UsageDoors } from './usage-doors.js';
import { creditsView, entitlementsView, meterSeenView, spendView, usageView } from './views-usage.js';
import { limitFixesShown, limitFixesView } from './views-wishes.js';

/** What a workspace may use, what it does use, and its credits. */
@Controller('v1/workspaces/:id')
@ApiTags('Usage')
@ApiBearerAuth()
export class UsageController {
  constructor(
    private readonly doors: UsageDoors,
    private readonly read: ReadUsage,
    private readonly fixes: ReadLimitFixes,
  ) {}

  @Get('entitlements')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getEntitlements',
    summary: 'What a workspace may use now. Answers 304 to a known ETag.',
  })
  @ApiOkResponse({ schema: schemaOf(entitlementsView) })
  async getEntitlements(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntitlementsSeen | undefined> {
    checkTenant(caller, workspaceId, 'id');
    const seen = await this.read.entitlements(workspaceId);
    if (seen === undefined) throw notFound('id', workspaceId);
    const etag = `"${seen.tag}"`;
    void reply.header('etag', etag);
    if (known !== etag) return seen.view;
    void reply.status(304);
    return undefined;
  }

  @Post('usage')
  @HttpCode(200)
  @Needs('publish')
  @Does('report-usage')
  @ApiOperation({
    operationId: 'reportUsage',
    summary: 'Say how many there are of something, or how many more were used. Only a key of the host product may.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(reportUsageBody) })
  @ApiOkResponse({ schema: schemaOf(meterSeenView) })
  async reportUsage(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: reportUsageBody }) body: ReportUsageBody,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<MeterSeen> {
    checkTenant(caller, workspaceId, 'id');
    const outcome = await this.doors.reports.add({
      input: { workspaceId, ...body },
      idempotencyKey,
      source: 'http',
      actorWorkspaceId: caller.workspaceId,
    });
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return outcome.seen;
  }

  @Get('usage')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getUsage',
    summary: 'Each meter: used, limit, percent, projection, and whether new records are still taken.',
  })
  @ApiOkResponse({ schema: schemaOf(usageView) })
  async getUsage(@Param('id', { schema: uuid }) workspaceId: string, @TheCaller() caller: Caller): Promise<UsageView> {
    checkTenant(caller, workspaceId, 'id');
    const view = await this.read.usage(workspaceId);
    if (view === undefined) throw notFound('id', workspaceId);
    return view;
  }

  @Get('usage/fixes')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getLimitFixes',
    summary: 'What would raise the limits that are nearly used up: seats, a plan or an add-on, the cheapest first.',
  })
  @ApiOkResponse({ schema: schemaOf(limitFixesView) })
  async getLimitFixes(@Param('id', { schema: uuid }) workspaceId: string, @TheCaller() caller: Caller) {
    checkTenant(caller, workspaceId, 'id');
    const found = await this.fixes.fixes(workspaceId);
    if (found === undefined) throw notFound('id', workspaceId);
    return limitFixesShown(found);
  }

  @Post('credits/spend')
  @HttpCode(200)
  @Needs('publish')
  @Does('report-usage')
  @ApiOperation({
    operationId: 'spendCredits',
    summary: 'Spend credits on an action that was done. A repeat with the same key answers the same.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(spendCreditsBody) })
  @ApiOkResponse({ schema: schemaOf(spendView) })
  async spendCredits(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: spendCreditsBody }) body: SpendCreditsBody,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const outcome = await this.doors.spendings.add({
      input: { workspaceId, ...body },
      idempotencyKey,
      source: 'http',
      actorWorkspaceId: caller.workspaceId,
    });
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    const { spendId: id, ...spend } = outcome.spend;
    return { id, ...spend };
  }

  @Get('credits')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'getCredits',
    summary: 'Credits by source, when they begin anew, and the newest lines of the ledger.',
  })
  @ApiOkResponse({ schema: schemaOf(creditsView) })
  async getCredits(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
  ): Promise<CreditsView> {
    checkTenant(caller, workspaceId, 'id');
    const view = await this.read.credits(workspaceId);
    if (view === undefined) throw notFound('id', workspaceId);
    return view;
  }
}
