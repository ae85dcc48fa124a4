import { Controller, Get } from '@nestjs/common';

/** The provider is ready as soon as it listens: its journal is read before that. */
@Controller('health')
export class HealthController {
  @Get(['live', 'ready', 'startup'])
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
