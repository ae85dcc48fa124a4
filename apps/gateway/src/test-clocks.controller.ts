import { ManageTestClocks, requesterOf } from '@billfleet/billing';
import type { Caller, TestClockOutcome, TestClockView } from '@billfleet/billing';
import { advanceTestClock, attachToTestClock, createTestClock, uuid } from '@billfleet/contracts';
import type { AdvanceTestClock, AttachToTestClock, CreateTestClock } from '@billfleet/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { checkTenant, Does, Needs, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { testClockView } from './views-test-clocks.js';

/** Time for workspaces that are tried out. */
@Controller('v1/test-clocks')
@ApiTags('Test clocks')
@ApiBearerAuth()
export class TestClocksController {
  constructor(private readonly clocks: ManageTestClocks) {}

  @Post()
  @Needs('admin')
  @Does('move-test-clocks')
  @ApiOperation({
    operationId: 'createTestClock',
    summary: 'Make a test clock under an id of your own. A repeat with the same name answers 200 and changes nothing.',
  })
  @ApiBody({ schema: schemaOf(createTestClock) })
  @ApiCreatedResponse({ schema: schemaOf(testClockView) })
  async create(
    @Body({ schema: createTestClock }) input: CreateTestClock,
    @TheCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TestClockView> {
    const outcome = await this.clocks.create(input, requesterOf(caller));
    if (outcome.kind === 'done') {
      void reply.status(outcome.isReplay ? 200 : 201).header('location', `/v1/test-clocks/${input.id}`);
    }
    return shown(outcome);
  }

  @Get(':id')
  @Needs('read')
  @Does('move-test-clocks')
  @ApiOperation({ operationId: 'getTestClock', summary: 'What a test clock shows, and what it waits for.' })
  @ApiOkResponse({ schema: schemaOf(testClockView) })
  async get(@Param('id', { schema: uuid }) id: string): Promise<TestClockView> {
    return shown(await this.clocks.find(id));
  }

  @Post(':id/workspaces')
  @HttpCode(200)
  @Needs('admin')
  @Does('move-test-clocks')
  @ApiOperation({
    operationId: 'attachToTestClock',
    summary: 'Put a workspace on a test clock, for good. A repeat changes nothing.',
  })
  @ApiBody({ schema: schemaOf(attachToTestClock) })
  @ApiOkResponse({ schema: schemaOf(testClockView) })
  async attach(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: attachToTestClock }) { workspaceId }: AttachToTestClock,
    @TheCaller() caller: Caller,
  ): Promise<TestClockView> {
    checkTenant(caller, workspaceId, 'workspaceId');
    return shown(await this.clocks.attach(id, workspaceId, requesterOf(caller)));
  }

  @Post(':id/advance')
  @HttpCode(202)
  @Needs('admin')
  @Does('move-test-clocks')
  @ApiOperation({
    operationId: 'advanceTestClock',
    summary:
      'Send a test clock forward. Everything that comes due on the way happens in order; `status` is `ready` when it is there.',
  })
  @ApiBody({ schema: schemaOf(advanceTestClock) })
  @ApiAcceptedResponse({ schema: schemaOf(testClockView) })
  async advance(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: advanceTestClock }) { to }: AdvanceTestClock,
  ): Promise<TestClockView> {
    return shown(await this.clocks.advance(id, to));
  }
}

function shown(outcome: TestClockOutcome): TestClockView {
  if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
  return outcome.clock;
}
