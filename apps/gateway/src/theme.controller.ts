import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Needs } from './api-key.guard.js';
import type { Theme } from './theme.js';

/** How the pages look, for whoever is not signed in yet. */
@Controller('billing/theme.json')
@ApiExcludeController()
export class ThemeController {
  constructor(@Inject('theme') private readonly theme: Theme) {}

  @Get()
  @Header('cache-control', 'public, max-age=60')
  @Needs('open')
  show(): Theme {
    return this.theme;
  }
}
