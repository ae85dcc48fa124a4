import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  InternalServerErrorException,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import { eventEnvelope } from '@billfleet/contracts';
import { Webhook } from 'standardwebhooks';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PAGE_CSP } from '../mailbox/page-shell.js';
import { GivenSeats, givesBody } from './given-seats.js';
import { HostEventStore } from './host-event-store.js';
import type { ToldEvent, WorkspaceState } from './host-event-store.js';
import { HostMoods, hostMood } from './host-moods.js';
import { renderHostPage } from './host-product-page.js';

const EVENTS_PER_PAGE = 200;
const EVENTS_PER_ANSWER_MAX = 5_000;

const listQuery = z.strictObject({
  workspaceId: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(EVENTS_PER_ANSWER_MAX).default(100),
});

/** A request with the bytes that were signed: Nest keeps them when the application is made with `rawBody: true`. */
type SignedRequest = {
  readonly rawBody?: Buffer;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** Token under which the verifier of the webhook's signature is provided. */
export const HOST_WEBHOOK_VERIFIER = Symbol('HOST_WEBHOOK_VERIFIER');

/** The product that sells its seats through the fleet: it is told what a workspace has, and believes only signed calls. */
@Controller('host')
export class HostProductController {
  constructor(
    private readonly store: HostEventStore,
    private readonly given: GivenSeats,
    private readonly moods: HostMoods,
    @Inject(HOST_WEBHOOK_VERIFIER) private readonly verifier: Webhook,
  ) {}

  @Post('webhooks')
  @HttpCode(202)
  async receive(
    @Req() request: SignedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ outcome: 'new' | 'duplicate' | 'refused' }> {
    if (request.rawBody === undefined) throw new InternalServerErrorException('the raw body was not kept');
    const id = this.verified(request.rawBody, request.headers);
    const body = eventEnvelope.safeParse(JSON.parse(request.rawBody.toString()));
    if (!body.success) throw new BadRequestException(z.prettifyError(body.error));
    if (body.data.id !== id) throw new BadRequestException('the id of the call is not that of its event');
    const mood = this.moods.of(body.data.workspaceId);
    if (mood !== undefined) {
      void reply.status(mood.status ?? 202);
      if (mood.retryAfterSeconds !== undefined) void reply.header('retry-after', String(mood.retryAfterSeconds));
      return { outcome: 'refused' };
    }
    const outcome = await this.store.accept(body.data, new Date());
    if (outcome === 'new') this.given.told(body.data);
    return { outcome };
  }

  /** Makes the product refuse what it is told of a workspace, until it is set back; for tests of what happens then. */
  @Post('moods')
  @HttpCode(204)
  setMood(@Body() body: unknown): void {
    const mood = hostMood.safeParse(body);
    if (!mood.success) throw new BadRequestException(z.prettifyError(mood.error));
    this.moods.set(mood.data);
  }

  @Get('workspaces/:id')
  state(@Param('id') workspaceId: string): WorkspaceState {
    const state = this.store.stateOf(workspaceId);
    if (state === undefined) throw new NotFoundException('nothing was told of this workspace');
    return state;
  }

  /** The contract by which the fleet asks what is really given: the question is signed over its query, the answer over its body. */
  @Get('billfleet/seats')
  @Header('content-type', 'application/json')
  seats(@Req() request: SignedRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    const query = request.url.split('?')[1] ?? '';
    const id = this.verified(Buffer.from(query), request.headers);
    const workspaceId = z.uuid().toLowerCase().safeParse(new URLSearchParams(query).get('workspaceId'));
    if (!workspaceId.success) throw new BadRequestException('workspaceId: a UUID is wanted');
    const body = JSON.stringify(this.given.of(workspaceId.data));
    const answeredAt = new Date();
    void reply.headers({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(answeredAt.getTime() / 1000)),
      'webhook-signature': this.verifier.sign(id, answeredAt, body),
    });
    return body;
  }

  /** Development only: makes the product give something else than it was told. */
  @Post('gives')
  @HttpCode(204)
  give(@Body() body: unknown): void {
    const gives = givesBody.safeParse(body);
    if (!gives.success) throw new BadRequestException(z.prettifyError(gives.error));
    this.given.give(gives.data);
  }

  @Get('events')
  events(@Query() query: unknown): {
    readonly events: readonly ToldEvent[];
    readonly totals: { readonly events: number; readonly calls: number };
  } {
    const wanted = listQuery.safeParse(query);
    if (!wanted.success) throw new BadRequestException(z.prettifyError(wanted.error));
    return { events: this.store.list(wanted.data), totals: this.store.totals() };
  }

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_CSP)
  @Header('cache-control', 'no-store')
  page(): string {
    return renderHostPage(this.store.list({ limit: EVENTS_PER_PAGE }), this.store.totals());
  }

  /** Returns the id of the delivery once its signature and its time have been checked. */
  private verified(rawBody: Buffer, headers: SignedRequest['headers']): string {
    const signed = {
      'webhook-id': single(headers['webhook-id']),
      'webhook-timestamp': single(headers['webhook-timestamp']),
      'webhook-signature': single(headers['webhook-signature']),
    };
    try {
      this.verifier.verify(rawBody, signed, { jsonParse: false });
    } catch (cause) {
      throw new UnauthorizedException('the webhook signature was not accepted', { cause });
    }
    return signed['webhook-id'];
  }
}

function single(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
