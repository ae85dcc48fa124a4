import { CustomerCredits, requesterOf, WriteOffMoney } from '@billfleet/billing';
import type { Caller, CommandOutcome } from '@billfleet/billing';
import { grantCustomerCredit, uuid, withdrawCustomerCredit, writeOff } from '@billfleet/contracts';
import type { GrantCustomerCredit, WithdrawCustomerCredit, WriteOff } from '@billfleet/contracts';
import { customerCredits, Store, writeOffs } from '@billfleet/store';
import type { CustomerCreditView, OrderToWriteOff, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { commandOf } from './command-of.js';
import { IdempotencyKey } from './idempotency-key.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { customerCreditsView, customerCreditView, writeOffsOf, writeOffsView } from './views-write-offs.js';

/** Money that staff give up, and credit that they promise. */
@Controller('v1')
@ApiTags('Write-offs and credit')
@ApiBearerAuth()
export class WriteOffsController {
  constructor(
    private readonly money: WriteOffMoney,
    private readonly credits: CustomerCredits,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Get('orders/:id/write-offs')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({
    operationId: 'listWriteOffs',
    summary: 'What could be written off of an order, and what was: money that somebody outside holds for us.',
  })
  @ApiOkResponse({ schema: schemaOf(writeOffsView) })
  async look(
    @Param('id', { schema: uuid }) orderId: string,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof writeOffsOf>> {
    return writeOffsOf(await this.order(orderId, caller));
  }

  @Post('orders/:id/write-offs')
  @Needs('admin')
  @Does('refund')
  @ApiOperation({
    operationId: 'writeOff',
    summary: 'Give money up that whoever holds it for us will never hand over. What was sold stays sold.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(writeOff) })
  @ApiCreatedResponse({ schema: schemaOf(writeOffsView) })
  async write(
    @Param('id', { schema: uuid }) orderId: string,
    @Body({ schema: writeOff }) wish: WriteOff,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<ReturnType<typeof writeOffsOf>> {
    const { workspaceId } = await this.order(orderId, caller);
    const input = { workspaceId, orderId, wish, actor: requesterOf(caller) };
    const outcome = await this.money.run(commandOf(input, idempotencyKey, caller));
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return writeOffsOf(await this.order(orderId, caller));
  }

  @Get('workspaces/:id/customer-credits')
  @Needs('read')
  @Does('see-desk')
  @ApiOperation({ operationId: 'listCustomerCredits', summary: 'Credit of a workspace, newest first, at most 200.' })
  @ApiOkResponse({ schema: schemaOf(customerCreditsView) })
  async list(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
  ): Promise<{ readonly credits: readonly CustomerCreditView[] }> {
    checkTenant(caller, workspaceId, 'id');
    return { credits: await customerCredits.creditsOf(this.store, workspaceId) };
  }

  @Post('workspaces/:id/customer-credits')
  @Needs('admin')
  @Does('refund')
  @ApiOperation({
    operationId: 'grantCustomerCredit',
    summary: 'Promise a workspace credit, which is paid back out of its next payments.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(grantCustomerCredit) })
  @ApiCreatedResponse({ schema: schemaOf(customerCreditView) })
  async grant(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Body({ schema: grantCustomerCredit }) grant: GrantCustomerCredit,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<CustomerCreditView> {
    checkTenant(caller, workspaceId, 'id');
    const input = { workspaceId, grant, actor: requesterOf(caller) };
    return this.answer(await this.credits.grant(commandOf(input, idempotencyKey, caller)), caller);
  }

  @Post('customer-credits/:id/withdrawal')
  @HttpCode(200)
  @Needs('admin')
  @Does('refund')
  @ApiOperation({ operationId: 'withdrawCustomerCredit', summary: 'Withdraw what is left of a credit.' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiBody({ schema: schemaOf(withdrawCustomerCredit) })
  @ApiOkResponse({ schema: schemaOf(customerCreditView) })
  async withdraw(
    @Param('id', { schema: uuid }) creditId: string,
    @Body({ schema: withdrawCustomerCredit }) { reason }: WithdrawCustomerCredit,
    @IdempotencyKey() idempotencyKey: string,
    @TheCaller() caller: Caller,
  ): Promise<CustomerCreditView> {
    const { workspaceId } = await this.credit(creditId, caller);
    const input = { workspaceId, creditId, reason, actor: requesterOf(caller) };
    return this.answer(await this.credits.withdraw(commandOf(input, idempotencyKey, caller)), caller);
  }

  private async order(id: string, caller: Caller): Promise<OrderToWriteOff> {
    const order = await writeOffs.findOrderToWriteOff(this.store, id);
    if (order === undefined) throw notFound('id', id);
    checkTenant(caller, order.workspaceId, 'id');
    return order;
  }

  private async credit(id: string, caller: Caller): Promise<CustomerCreditView> {
    const found = await customerCredits.viewCredit(this.store, id);
    if (found === undefined) throw notFound('id', id);
    checkTenant(caller, found.workspaceId, 'id');
    return found;
  }

  private async answer(outcome: CommandOutcome, caller: Caller): Promise<CustomerCreditView> {
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return this.credit(outcome.ref, caller);
  }
}
