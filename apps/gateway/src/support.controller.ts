import { requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { handleWork, staffActionQuery, uuid, workId, workQuery, workspaceSearch } from '@billfleet/contracts';
import type { HandleWork, StaffActionQuery, WorkQuery, WorkspaceSearch } from '@billfleet/contracts';
import { Store, supportDesk, tenants, workDesk } from '@billfleet/store';
import type { FoundWorkspace, StaffAction, WorkOfWorkspace, Workspace } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { staffActionsView, workHandledView, workOfWorkspacesView, workspacesFoundView } from './views-support.js';
import { workspaceView } from './views.js';

/** What the support console asks for beside the doors that customers have as well. Its roles belong to no workspace. */
@Controller('v1/support')
@ApiTags('Staff')
@ApiBearerAuth()
export class SupportController {
  constructor(@Inject(Store) private readonly store: Store) {}

  @Get('workspaces')
  @Needs('read')
  @Does('find-workspaces')
  @ApiOperation({
    operationId: 'searchWorkspaces',
    summary: 'Workspaces that a text may mean: an id, the number of an order, or a part of a name or an address.',
  })
  @ApiOkResponse({ schema: schemaOf(workspacesFoundView) })
  async search(
    @Query({ schema: workspaceSearch }) query: WorkspaceSearch,
  ): Promise<{ readonly workspaces: readonly FoundWorkspace[] }> {
    return { workspaces: await supportDesk.searchWorkspaces(this.store, query) };
  }

  @Get('workspaces/:id')
  @Needs('read')
  @Does('find-workspaces')
  @ApiOperation({ operationId: 'getWorkspace', summary: 'A workspace as it was registered.' })
  @ApiOkResponse({ schema: schemaOf(workspaceView) })
  async workspace(@Param('id', { schema: uuid }) id: string): Promise<Workspace> {
    const found = (await tenants.findWorkspaces(this.store, [id])).get(id);
    if (found === undefined) throw notFound('id', id);
    const { name, country, currency, timeZone, locale, billingEmail, trialEndsOn } = found;
    return { id, name, country, currency, timeZone, locale, billingEmail, trialEndsOn };
  }

  @Get('workspaces/:id/actions')
  @Needs('read')
  @Does('find-workspaces')
  @ApiOperation({
    operationId: 'listStaffActions',
    summary: 'What staff did about a workspace and why, newest first.',
  })
  @ApiOkResponse({ schema: schemaOf(staffActionsView) })
  async actions(
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: staffActionQuery }) query: StaffActionQuery,
  ): Promise<{ readonly actions: readonly StaffAction[]; readonly next: string | null }> {
    if (!(await tenants.findWorkspaces(this.store, [id])).has(id)) throw notFound('id', id);
    const actions = await supportDesk.actionsAbout(this.store, id, query);
    return { actions, next: nextOf(actions, query.limit) };
  }

  @Get('work')
  @Needs('read')
  @Does('find-workspaces')
  @ApiOperation({
    operationId: 'listWork',
    summary: 'Owed work with whose it is, oldest first; without `state` the dead.',
  })
  @ApiOkResponse({ schema: schemaOf(workOfWorkspacesView) })
  async work(
    @Query({ schema: workQuery }) query: WorkQuery,
  ): Promise<{ readonly work: readonly WorkOfWorkspace[]; readonly next: string | null }> {
    const work = await supportDesk.listWorkOfWorkspaces(this.store, query);
    return { work, next: nextOf(work, query.limit) };
  }

  @Post('work/:id/retry')
  @HttpCode(200)
  @Needs('admin')
  @Does('retry-work')
  @ApiOperation({ operationId: 'retryWork', summary: 'Have dead work tried again, at once and with a clean slate.' })
  @ApiBody({ schema: schemaOf(handleWork) })
  @ApiOkResponse({ schema: schemaOf(workHandledView) })
  async retry(
    @Param('id', { schema: workId }) id: string,
    @Body({ schema: handleWork }) { reason }: HandleWork,
    @TheCaller() caller: Caller,
  ): Promise<{ readonly id: string; readonly state: 'waiting' }> {
    await this.expect(id, 'dead', 'work that is dead: the fleet tries all other work by itself');
    const done = await workDesk.retryWork(this.store, [id], { actor: requesterOf(caller), reason });
    if (done.length === 0) throw notFound('id', id);
    return { id, state: 'waiting' };
  }

  @Post('work/:id/park')
  @HttpCode(200)
  @Needs('admin')
  @Does('retry-work')
  @ApiOperation({ operationId: 'parkWork', summary: 'Have nobody try owed work any more until somebody retries it.' })
  @ApiBody({ schema: schemaOf(handleWork) })
  @ApiOkResponse({ schema: schemaOf(workHandledView) })
  async park(
    @Param('id', { schema: workId }) id: string,
    @Body({ schema: handleWork }) { reason }: HandleWork,
    @TheCaller() caller: Caller,
  ): Promise<{ readonly id: string; readonly state: 'dead' }> {
    await this.expect(id, 'owed', 'work that is not dead yet');
    const done = await workDesk.killWork(this.store, [id], { actor: requesterOf(caller), reason });
    if (done.length === 0) throw notFound('id', id);
    return { id, state: 'dead' };
  }

  /** Refuses work in another state: it would be done twice as fast as anybody can read, or not at all. */
  private async expect(id: string, wanted: 'dead' | 'owed', words: string): Promise<void> {
    const state = await supportDesk.stateOfWork(this.store, id);
    if (state === undefined) throw notFound('id', id);
    if ((state === 'dead') === (wanted === 'dead')) return;
    throw new ProblemException(409, [
      { code: 'work_state', field: 'id', found: `work that is ${state}`, wanted: words },
    ]);
  }
}

const nextOf = (rows: readonly { readonly id: string }[], limit: number): string | null =>
  rows.length < limit ? null : (rows.at(-1)?.id ?? null);
