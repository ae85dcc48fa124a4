import type { PaymentProvider } from '@billfleet/payments';
import type { Clock } from '@billfleet/platform';
import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, notFound } from './api-key.guard.js';
import { Doors } from './doors.js';
import { ProblemException } from './problem.js';

/** Providers tell us that something happened. The signature is checked over the bytes as they came, before anything is stored. */
@Controller('v1/webhooks')
@ApiTags('Payment providers')
export class WebhooksController {
  constructor(
    private readonly doors: Doors,
    @Inject('provider') private readonly provider: PaymentProvider,
    @Inject('clock') private readonly clock: Clock,
  ) {}

  @Post(':provider')
  @HttpCode(200)
  @Needs('open')
  @ApiOperation({
    operationId: 'receiveWebhook',
    summary: 'Signed webhook of a payment provider. Answered once it is committed.',
  })
  async receive(
    @Param('provider') name: string,
    @Req() request: RawBodyRequest<FastifyRequest>,
  ): Promise<{ received: number; fresh: number }> {
    if (name !== this.provider.id) throw notFound('provider', name);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]),
    );
    const verdict = this.provider.verifyWebhook(request.rawBody ?? Buffer.alloc(0), headers, this.clock.now());
    if (verdict.kind === 'refused') {
      throw new ProblemException(verdict.reason === 'malformed' ? 400 : 401, [
        {
          code: `webhook_${verdict.reason}`,
          field: 'webhook-signature',
          found: verdict.reason,
          wanted: 'a fresh call that is signed with the shared secret',
        },
      ]);
    }
    const fresh = await Promise.all(
      verdict.notices.map(({ eventId, reference }) => this.doors.webhooks.add({ provider: name, eventId, reference })),
    );
    return { received: fresh.length, fresh: fresh.filter(Boolean).length };
  }
}
