import type { Caller } from '@billfleet/billing';
import { changeTold, topicOf, uuid } from '@billfleet/contracts';
import type { ChangeTold } from '@billfleet/contracts';
import { changes, Store, tenants } from '@billfleet/store';
import type { ChangeRow } from '@billfleet/store';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { ChangeFeed } from './change-feed.js';
import type { Listener } from './change-feed.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';

/** Something is sent as often as this, so that nothing on the way takes the stream for dead. */
const HEARTBEAT_MS = 20_000;
/** A stream ends after so long and is opened again, which checks anew who listens. */
const STREAM_MAX_MS = 5 * 60_000;
/** How long a browser waits before it opens the stream again. */
const RETRY_MS = 2_000;
/** Whoever reads so slowly that this much waits for him is let go, and comes again. */
const WAITING_MAX_BYTES = 65_536;

/** Live changes of a workspace, as server-sent events. */
@Controller('v1/workspaces/:id/changes')
@ApiTags('Billing page')
@ApiBearerAuth()
export class ChangesController {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly store: Store,
  ) {}

  @Get()
  @Needs('read')
  @Does('read-billing')
  @ApiProduces('text/event-stream')
  @ApiOperation({
    operationId: 'listenToChanges',
    summary:
      'Hear that something changed, as server-sent events named `change`. `Last-Event-ID` goes on after that number. Ends after five minutes at most.',
  })
  @ApiOkResponse({ schema: schemaOf(changeTold) })
  async listen(
    @Param('id', { schema: uuid }) workspaceId: string,
    @TheCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    checkTenant(caller, workspaceId, 'id');
    const known = await tenants.findWorkspaces(this.store, [workspaceId]);
    if (!known.has(workspaceId)) throw notFound('id', workspaceId);
    const seq = startOf(request, await changes.lastChange(this.store, workspaceId));
    const listener: Listener = { caller: nameOf(caller), workspaceId, seq, tell: unheard, end: unheard };
    if (!this.feed.listen(listener)) throw TOO_MANY;
    const stream = reply.raw;
    const end = (): void => {
      clearInterval(heartbeat);
      clearTimeout(limit);
      this.feed.leave(listener);
      stream.end();
    };
    const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
    const limit = setTimeout(end, STREAM_MAX_MS);
    listener.end = end;
    listener.tell = (change) => {
      stream.write(written(change));
      if (stream.writableLength > WAITING_MAX_BYTES) end();
    };
    reply.hijack();
    stream.once('close', end);
    // Whoever left while the database was asked is not told of any more.
    if (stream.destroyed) {
      end();
      return;
    }
    stream.writeHead(200, {
      ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      // A connection that only carries this stream ends with it, so that a gateway that stops need not wait for it.
      ...{ connection: 'close' },
      ...{ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-request-id': request.id },
    });
    // The number goes out at once, so that whoever is cut off before the first change goes on from here.
    stream.write(`retry: ${String(RETRY_MS)}\nid: ${String(seq)}\nevent: start\ndata: {}\n\n`);
  }
}

const TOO_MANY = new ProblemException(429, [
  {
    ...{ code: 'streams_limited', field: '', found: 'too many open streams' },
    wanted: 'fewer streams at once, or the same request again later',
  },
]);

/** What a listener does before its stream is open. */
const unheard = (): void => undefined;

const nameOf = ({ page, prefix }: Caller): string => page?.sessionId ?? `key ${prefix}`;

/** After which number to go on: what the browser heard last, where that can be. */
function startOf({ headers }: FastifyRequest, last: number): number {
  const heard = headers['last-event-id'];
  const seq = typeof heard === 'string' && /^\d{1,15}$/.test(heard) ? Number(heard) : last;
  return Math.min(seq, last);
}

/** Changes that are not shown keep the numbers going. */
function written({ seq, type, orderId }: ChangeRow): string {
  const topic = topicOf(type);
  if (topic === undefined) return `id: ${String(seq)}\n\n`;
  const told: ChangeTold = { topic, orderId };
  return `id: ${String(seq)}\nevent: change\ndata: ${JSON.stringify(told)}\n\n`;
}
