import { RegisterWorkspaces } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { registerWorkspace } from '@billfleet/contracts';
import type { RegisterWorkspace } from '@billfleet/contracts';
import type { Workspace } from '@billfleet/store';
import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { checkTenant, Does, Needs, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { workspaceView } from './views.js';

/** Customers' accounts, as the host product brings them. */
@Controller('v1/workspaces')
@ApiTags('Workspaces')
@ApiBearerAuth()
export class WorkspacesController {
  constructor(private readonly workspaces: RegisterWorkspaces) {}

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
  ): Promise<Workspace> {
    checkTenant(caller, input.id, 'id');
    const outcome = await this.workspaces.run(input);
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    void reply.status(outcome.isReplay ? 200 : 201);
    return outcome.workspace;
  }
}
