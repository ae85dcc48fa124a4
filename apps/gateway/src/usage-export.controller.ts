import { ReadUsageHistory } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { usageExportQuery, uuid } from '@billfleet/contracts';
import type { UsageExportQuery } from '@billfleet/contracts';
import { usageCsv } from '@billfleet/outbound';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiQueriesOf } from './api-queries-of.js';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';

/** What is kept of what was used, as a file. */
@Controller('v1/workspaces/:id')
@ApiTags('Usage')
@ApiBearerAuth()
export class UsageExportController {
  constructor(private readonly history: ReadUsageHistory) {}

  @Get('usage.csv')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'exportUsage',
    summary: 'Thresholds that were reached, and credits granted, spent and ended, as CSV, newest first.',
  })
  @ApiQueriesOf(usageExportQuery)
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async exportCsv(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: usageExportQuery }) { language, ...days }: UsageExportQuery,
    @TheCaller() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    const found = await this.history.all(workspaceId, days);
    if (found === undefined) throw notFound('id', workspaceId);
    const { locale, timeZone, pages } = found;
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="usage.csv"')
      .header('cache-control', 'no-store')
      .send(usageCsv(pages, { language: language ?? locale, timeZone }));
  }
}
