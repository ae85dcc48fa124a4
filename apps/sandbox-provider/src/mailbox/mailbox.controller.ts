import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { z } from 'zod';
import { MailFaults, mailFaultSettings } from './mail-faults.js';
import type { MailFaultSettings } from './mail-faults.js';
import { MailStore } from './mail-store.js';
import type { MailContent, MailSummary, MailTruth } from './mail-store.js';

const MESSAGES_PER_ANSWER_MAX = 5_000;

const listQuery = z.strictObject({
  to: z.string().optional(),
  subject: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MESSAGES_PER_ANSWER_MAX).default(100),
});

/** The mailbox for programs: tests, audits and the demo read it. */
@Controller('mailbox')
export class MailboxController {
  constructor(
    private readonly store: MailStore,
    private readonly faults: MailFaults,
  ) {}

  @Get('messages')
  list(@Query() query: unknown): { messages: readonly MailSummary[] } {
    return { messages: this.store.list(read(listQuery, query)) };
  }

  @Get('messages/:id')
  async find(@Param('id') id: string): Promise<MailContent> {
    const mail = await this.store.find(Number(id));
    if (mail === undefined) throw new NotFoundException(`no mail has the id ${id}`);
    return mail;
  }

  @Get('truth')
  truth(): { deliveries: readonly MailTruth[] } {
    return { deliveries: this.store.truth() };
  }

  @Delete('messages')
  @HttpCode(204)
  async clear(): Promise<void> {
    await this.store.clear();
  }

  @Post('faults')
  @HttpCode(200)
  setFaults(@Body() body: unknown): MailFaultSettings {
    this.faults.set(read(mailFaultSettings, body ?? {}));
    return this.faults.settings();
  }
}

function read<T>(schema: z.ZodType<T>, found: unknown): T {
  const result = schema.safeParse(found);
  if (!result.success) throw new BadRequestException(z.prettifyError(result.error));
  return result.data;
}
