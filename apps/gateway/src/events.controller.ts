import { RedeliverEvents, requesterOf } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { eventQuery, redeliverEvent, uuid } from '@billfleet/contracts';
import type { EventQuery, RedeliverEvent } from '@billfleet/contracts';
import { eventDesk, Store } from '@billfleet/store';
import type { EventView, EventWithDeliveries, Queryable } from '@billfleet/store';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { eventPage, eventWithDeliveriesView, redeliveryView } from './views-events.js';

type Page = { readonly events: readonly EventView[]; readonly next: string | number | null };

/** What happened, as it was told to the host product or can be read instead. */
@Controller('v1/events')
@ApiTags('Events')
@ApiBearerAuth()
export class EventsController {
  constructor(
    private readonly redeliveries: RedeliverEvents,
    @Inject(Store) private readonly store: Queryable,
  ) {}

  @Get()
  @Needs('read')
  @Does('read-events')
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'Events, newest first; those of one workspace after a number in their order, without gaps.',
  })
  @ApiOkResponse({ schema: schemaOf(eventPage) })
  async list(@Query({ schema: eventQuery }) query: EventQuery, @TheCaller() caller: Caller): Promise<Page> {
    const { failed, since, afterSequence, limit } = query;
    if (query.workspaceId !== undefined) checkTenant(caller, query.workspaceId, 'workspaceId');
    const events = await eventDesk.listEvents(this.store, {
      ...query,
      workspaceId: query.workspaceId ?? caller.workspaceId ?? undefined,
      isFailed: failed,
      since: since === undefined ? undefined : new Date(since),
    });
    const last = events.length < limit ? undefined : events.at(-1);
    return { events, next: (afterSequence === undefined ? last?.id : last?.sequence) ?? null };
  }

  @Get(':id')
  @Needs('read')
  @Does('read-events')
  @ApiOperation({ operationId: 'getEvent', summary: 'An event with every try to tell the host product.' })
  @ApiOkResponse({ schema: schemaOf(eventWithDeliveriesView) })
  get(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<EventWithDeliveries> {
    return this.find(id, caller);
  }

  @Post(':id/redeliver')
  @HttpCode(202)
  @Needs('admin')
  @Does('redeliver-events')
  @ApiOperation({
    operationId: 'redeliverEvent',
    summary: 'Tell the host product of an event again: at once if it waits for its turn, else once more.',
  })
  @ApiBody({ schema: schemaOf(redeliverEvent) })
  @ApiAcceptedResponse({ schema: schemaOf(redeliveryView) })
  async redeliver(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: redeliverEvent }) { reason }: RedeliverEvent,
    @TheCaller() caller: Caller,
  ): Promise<Record<string, unknown>> {
    await this.find(id, caller);
    const outcome = await this.redeliveries.run([id], { actor: requesterOf(caller), reason });
    if (outcome.kind === 'refused') throw ProblemException.of(outcome.problem);
    return { id, status: 'accepted', href: `/v1/events/${id}` };
  }

  private async find(id: string, caller: Caller): Promise<EventWithDeliveries> {
    const event = await eventDesk.viewEvent(this.store, id);
    if (event === undefined) throw notFound('id', id);
    if (caller.workspaceId !== null && caller.workspaceId !== event.workspaceId) throw notFound('id', id);
    return event;
  }
}
