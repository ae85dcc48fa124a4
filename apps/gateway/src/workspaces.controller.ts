import { ChangeCountries, RegisterWorkspaces, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { changeCountry, registerWorkspace, uuid } from '@billfleet/contracts';
import type { ChangeCountry, RegisterWorkspace } from '@billfleet/contracts';
import { Body, Controller, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { checkTenant, Does, Needs, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { workspaceView } from './views.js';
import { workspaceShown } from './views-portal.js';

/** Customers' accounts, as the host product brings them. */
@Controller('v1/workspaces')
@ApiTags('Workspaces')
@ApiBearerAuth()
export class WorkspacesController {
  constructor(
    private readonly workspaces: RegisterWorkspaces,
    private readonly countries: ChangeCountries,
  ) {}

  @Post()
  @Needs('admin')
  @Does('register-workspaces')
  @ApiOperation({
    operationId: 'registerWorkspace',
    summary:
      'Register a customer under an id of your own. A repeat with the same content answers 200 and changes nothing.',
  })
  @ApiBody({ schema: schemaOf(registerWorkspace) })
  @ApiCreatedResponse({ schema: schemaOf(workspaceView) })
  async register(
    @Body({ schema: registerWorkspace }) input: RegisterWorkspace,
    @TheCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, input.id, 'id');
    const outcome = await this.workspaces.run(input);
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    void reply.status(outcome.isReplay ? 200 : 201);
    return workspaceShown(outcome.workspace);
  }

  @Put(':id/country')
  @Needs('admin')
  @Does('register-workspaces')
  @ApiOperation({
    operationId: 'changeCountry',
    summary:
      'Move a customer to another country, and so to its currency and ways to pay: only while nothing is paid for or pending.',
  })
  @ApiBody({ schema: schemaOf(changeCountry) })
  @ApiOkResponse({ schema: schemaOf(workspaceView) })
  async changeCountry(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: changeCountry }) change: ChangeCountry,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    checkTenant(caller, workspaceId, 'id');
    const outcome = await this.countries.run(workspaceId, change, requesterOf(caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return workspaceShown(outcome.workspace);
  }
}
