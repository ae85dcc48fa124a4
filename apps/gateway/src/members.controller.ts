import { ReportMembers } from '@billfleet/billing';
import type { Caller, MembersOutcome } from '@billfleet/billing';
import { memberExternalId, memberQuery, reportMember, reportMembers, uuid } from '@billfleet/contracts';
import type { MemberQuery, ReportMember, ReportMembers as ReportMembersBody } from '@billfleet/contracts';
import { seatUse } from '@billfleet/domain';
import { members, Store } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { memberPageView, memberShown, memberView, membersReportedView, useShown } from './views-members.js';

/** Who uses a workspace, as its host product reports it. */
@Controller('v1/workspaces/:id/members')
@ApiTags('Members')
@ApiBearerAuth()
export class MembersController {
  constructor(
    private readonly reports: ReportMembers,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Put(':externalId')
  @Needs('publish')
  @Does('report-members')
  @ApiOperation({ operationId: 'reportMember', summary: 'Report a member as he is now. A repeat changes nothing.' })
  @ApiBody({ schema: schemaOf(reportMember) })
  @ApiOkResponse({ schema: schemaOf(memberView) })
  async report(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Param('externalId', { schema: memberExternalId }) externalId: string,
    @Body({ schema: reportMember }) body: ReportMember,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const {
      outcomes,
      members: rows,
      use,
    } = taken(await this.reports.run({ workspaceId, members: [{ externalId, ...body }] }));
    const [row] = rows;
    if (row === undefined) throw notFound('externalId', externalId);
    return { ...useShown(workspaceId, use), outcome: outcomes.get(externalId), member: memberShown(row) };
  }

  @Post()
  @HttpCode(200)
  @Needs('publish')
  @Does('report-members')
  @ApiOperation({
    operationId: 'reportMembers',
    summary: 'Report up to 1,000 members as they are now. All of it holds, or nothing; a repeat changes nothing.',
  })
  @ApiBody({ schema: schemaOf(reportMembers) })
  @ApiOkResponse({ schema: schemaOf(membersReportedView) })
  async reportMany(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: reportMembers }) body: ReportMembersBody,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const { outcomes, use } = taken(await this.reports.run({ workspaceId, members: body.members }));
    const results = [...outcomes].map(([externalId, outcome]) => ({ externalId, outcome }));
    return { ...useShown(workspaceId, use), results };
  }

  @Get()
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({ operationId: 'listMembers', summary: 'Seats, how many are in use, and a page of the members.' })
  @ApiOkResponse({ schema: schemaOf(memberPageView) })
  async list(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: memberQuery }) { status, after, limit }: MemberQuery,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const [use, rows] = await Promise.all([
      members.viewSeatUse(this.store, workspaceId),
      // One more than is shown: it says whether there is a next page.
      members.listMembers(this.store, workspaceId, { status, afterId: after, limit: limit + 1 }),
    ]);
    if (use === undefined) throw notFound('id', workspaceId);
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
    return { ...useShown(workspaceId, seatUse(use.seats, use.inUse)), members: shown.map(memberShown), next };
  }
}

function taken(outcome: MembersOutcome): Extract<MembersOutcome, { kind: 'taken' }> {
  if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
  return outcome;
}
