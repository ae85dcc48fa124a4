import { OpenPortals, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { openPortal } from '@billfleet/contracts';
import type { OpenPortal } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { Store, tenants } from '@billfleet/store';
import { Body, Controller, Get, Header, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import type { Theme } from './theme.js';
import { meShown, meView, portalOpenedView } from './views-portal.js';

/** Ways into the billing page, and who came in. */
@Controller('v1')
@ApiTags('Billing page')
@ApiBearerAuth()
export class PortalController {
  constructor(
    private readonly portals: OpenPortals,
    private readonly store: Store,
    @Inject('base') private readonly base: Base,
    @Inject('theme') private readonly theme: Theme,
  ) {}

  @Post('portal-sessions')
  @Header('cache-control', 'no-store')
  @Needs('publish')
  @Does('open-portals')
  @ApiOperation({
    operationId: 'openPortal',
    summary:
      'Make a link that lets a person into the billing page of a workspace, once and within five minutes. Takes no Idempotency-Key: each call makes a link of its own.',
  })
  @ApiBody({ schema: schemaOf(openPortal, 'input') })
  @ApiCreatedResponse({ schema: schemaOf(portalOpenedView) })
  async open(
    @Body({ schema: openPortal }) input: OpenPortal,
    @TheCaller() caller: Caller,
  ): Promise<{ url: string; expiresAt: string }> {
    checkTenant(caller, input.workspaceId, 'workspaceId');
    const outcome = await this.portals.run(input, requesterOf(caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    const url = `${this.base.config.publicUrl.replace(/\/+$/, '')}/billing/enter?token=${outcome.token}`;
    return { url, expiresAt: outcome.expiresAt.toISOString() };
  }

  @Get('me')
  @Header('cache-control', 'no-store')
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({ operationId: 'me', summary: 'Who the caller is, of which workspace, and what he may do.' })
  @ApiOkResponse({ schema: schemaOf(meView) })
  async me(@TheCaller() caller: Caller): Promise<Record<string, unknown>> {
    const { workspaceId } = caller;
    const found = workspaceId === null ? undefined : await tenants.findWorkspaces(this.store, [workspaceId]);
    return meShown(caller, workspaceId === null ? undefined : found?.get(workspaceId), this.theme);
  }
}
