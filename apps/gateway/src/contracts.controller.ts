import { MakeContracts, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { contractFilter, makeContract, previewContract, uuid, withdrawContract } from '@billfleet/contracts';
import type {
  ContractFault,
  ContractFilter,
  MakeContract,
  PreviewContract,
  WithdrawContract,
} from '@billfleet/contracts';
import { contracts, Store } from '@billfleet/store';
import type { ContractView, Problem, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import type { Fault } from './problem.js';
import { contractPreviewView, contractsView, contractView } from './views-enterprise.js';

type PreviewAnswer = {
  readonly currency: string;
  readonly seats: number;
  readonly terms: readonly { readonly periodMonths: number; readonly amountMinor: string }[];
  readonly replaced: ContractView | null;
};

/** Contracts: private price lists that staff agree with one workspace. */
@Controller('v1/contracts')
@ApiTags('Enterprise')
@ApiBearerAuth()
export class ContractsController {
  constructor(
    private readonly cases: MakeContracts,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Post()
  @HttpCode(201)
  @Needs('admin')
  @Does('manage-contracts')
  @ApiOperation({
    operationId: 'makeContract',
    summary: 'Make a contract. From its first day on it prices new quotes of its workspace for its plan.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(makeContract) })
  @ApiCreatedResponse({ schema: schemaOf(contractView) })
  async make(
    @Body({ schema: makeContract }) input: MakeContract,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContractView> {
    const outcome = await this.cases.run(commandOf(input, idempotencyKey, caller));
    if (outcome.kind === 'refused') throw refusal(outcome);
    void reply.header('location', `/v1/contracts/${outcome.ref}`);
    return this.view(outcome.ref, caller);
  }

  @Post('preview')
  @HttpCode(200)
  @Needs('admin')
  @Does('manage-contracts')
  @ApiOperation({ operationId: 'previewContract', summary: 'What a contract would come to. Nothing is written.' })
  @ApiBody({ schema: schemaOf(previewContract) })
  @ApiOkResponse({ schema: schemaOf(contractPreviewView) })
  async preview(
    @Body({ schema: previewContract }) input: PreviewContract,
    @TheCaller() caller: Caller,
  ): Promise<PreviewAnswer> {
    checkTenant(caller, input.workspaceId, 'workspaceId');
    const outcome = await this.cases.preview(input);
    if (outcome.kind === 'refused') throw refusal(outcome);
    const { currency, seats, terms, replaced } = outcome;
    const priced = terms.map(({ periodMonths, amountMinor }) => ({
      periodMonths,
      amountMinor: amountMinor.toString(),
    }));
    return { currency, seats, terms: priced, replaced };
  }

  @Get()
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'listContracts', summary: 'The contracts of a workspace, newest first.' })
  @ApiQuery({ name: 'workspaceId', required: true })
  @ApiOkResponse({ schema: schemaOf(contractsView) })
  async list(
    @Query({ schema: contractFilter }) { workspaceId }: ContractFilter,
    @TheCaller() caller: Caller,
  ): Promise<{ readonly items: readonly ContractView[] }> {
    checkTenant(caller, workspaceId, 'workspaceId');
    return { items: await contracts.viewContracts(this.store, workspaceId) };
  }

  @Get(':id')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'getContract', summary: 'One contract.' })
  @ApiOkResponse({ schema: schemaOf(contractView) })
  get(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<ContractView> {
    return this.view(id, caller);
  }

  @Post(':id/withdrawal')
  @HttpCode(200)
  @Needs('admin')
  @Does('manage-contracts')
  @ApiOperation({ operationId: 'withdrawContract', summary: 'Take a contract back that nothing was ordered under.' })
  @ApiBody({ schema: schemaOf(withdrawContract) })
  @ApiOkResponse({ schema: schemaOf(contractView) })
  async withdraw(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: withdrawContract }) { reason }: WithdrawContract,
    @TheCaller() caller: Caller,
  ): Promise<ContractView> {
    await this.view(id, caller);
    const outcome = await this.cases.withdraw(id, reason, requesterOf(caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return this.view(id, caller);
  }

  private async view(id: string, caller: Caller): Promise<ContractView> {
    const contract = await contracts.viewContract(this.store, id);
    if (contract === undefined) throw notFound('id', id);
    checkTenant(caller, contract.workspaceId, 'id');
    return contract;
  }
}

/** Everything that the catalogue has against a contract, or the one refusal. */
function refusal({ faults, problem }: { readonly faults: readonly ContractFault[]; readonly problem: Problem }) {
  const [first, ...others] = faults.map((fault): Fault => ({ code: 'contract_invalid', ...fault }));
  return first === undefined ? ProblemException.of(problem) : new ProblemException(422, [first, ...others]);
}
