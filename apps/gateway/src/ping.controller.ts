import { Controller, Get, HttpCode } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Does, Needs } from './api-key.guard.js';

/** Whether a key works: authentication, rate limit and nothing else. */
@Controller('v1/ping')
@ApiTags('Keys')
@ApiBearerAuth()
export class PingController {
  @Get()
  @HttpCode(204)
  @Needs('read')
  @Does('read-billing')
  @ApiOperation({
    operationId: 'ping',
    summary: 'Check an API key. Answers 204 for a usable key with the scope read, 401 or 403 otherwise.',
  })
  @ApiNoContentResponse()
  ping(): void {
    // Getting here is the answer.
  }
}
