import { Controller, Get, Res } from '@nestjs/common';
import type { HealthReport } from '@billfleet/platform';
import { Health } from '@billfleet/platform';
import type { FastifyReply } from 'fastify';

/** What the launcher and a container platform ask. The provider needs nothing but its own file. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  live(@Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, this.health.live());
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    await this.answer(reply, await this.health.ready());
  }

  @Get('startup')
  startup(@Res() reply: FastifyReply): Promise<void> {
    return this.answer(reply, this.health.startup());
  }

  private async answer(reply: FastifyReply, report: HealthReport): Promise<void> {
    await reply.status(report.status === 'ok' ? 200 : 503).send(report);
  }
}
