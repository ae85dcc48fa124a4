import { DecideChargebacks, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { chargebackQuery, decideChargeback, uuid } from '@billfleet/contracts';
import type { ChargebackQuery, DecideChargeback } from '@billfleet/contracts';
import { chargebacks, Store } from '@billfleet/store';
import type { ChargebackView, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { chargebackPage, chargebackPageView, chargebackView } from './views-closings.js';

/** Payments that the payers' banks take back, and what staff decide about their workspaces. */
@Controller('v1/chargebacks')
@ApiTags('Staff')
@ApiBearerAuth()
export class ChargebacksController {
  constructor(
    private readonly decisions: DecideChargebacks,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Get()
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({
    operationId: 'listChargebacks',
    summary: 'Chargebacks, oldest first; with `undecided=true` those that wait for a decision.',
  })
  @ApiOkResponse({ schema: schemaOf(chargebackPageView) })
  async list(
    @Query({ schema: chargebackQuery }) { workspaceId, undecided, after, limit }: ChargebackQuery,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof chargebackPage>> {
    const wanted = workspaceId ?? caller.workspaceId ?? undefined;
    if (wanted !== undefined) checkTenant(caller, wanted, 'workspaceId');
    const page = { workspaceId: wanted, isUndecided: undecided === true, afterId: after, limit };
    return chargebackPage(await chargebacks.listChargebacks(this.store, page), limit);
  }

  @Get(':id')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'getChargeback', summary: 'One chargeback.' })
  @ApiOkResponse({ schema: schemaOf(chargebackView) })
  get(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<ChargebackView> {
    return this.view(id, caller);
  }

  @Post(':id/decision')
  @HttpCode(200)
  @Needs('admin')
  @Does('decide-chargebacks')
  @ApiOperation({
    operationId: 'decideChargeback',
    summary: 'Keep the subscription, or close it without a refund. A repeat of the same decision changes nothing.',
  })
  @ApiBody({ schema: schemaOf(decideChargeback) })
  @ApiOkResponse({ schema: schemaOf(chargebackView) })
  async decide(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: decideChargeback }) body: DecideChargeback,
    @TheCaller() caller: Caller,
  ): Promise<ChargebackView> {
    await this.view(id, caller);
    const outcome = await this.decisions.run(id, body, requesterOf(caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return this.view(id, caller);
  }

  private async view(id: string, caller: Caller): Promise<ChargebackView> {
    const found = await chargebacks.viewChargeback(this.store, id);
    if (found === undefined) throw notFound('id', id);
    checkTenant(caller, found.workspaceId, 'id');
    return found;
  }
}
