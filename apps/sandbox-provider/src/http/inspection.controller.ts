import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { Ledger } from '../ledger/ledger.js';
import type { FaultKnobs } from '../ledger/rows.js';
import { Desk } from '../merchant/desk.js';
import { faultKnobs, Faults } from '../merchant/faults.js';
import { wireTruth } from '../merchant/wire.js';
import type { Wire } from '../merchant/wire.js';
import { ApiKeyGuard } from './api-key.guard.js';

const page = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});

/** For audits and chaos runs: the provider's own record of all payments, and the knobs that make it misbehave. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class InspectionController {
  constructor(
    private readonly ledger: Ledger,
    private readonly desk: Desk,
    private readonly faults: Faults,
  ) {}

  @Get('truth')
  truth(@Query({ schema: page }) query: z.output<typeof page>): Wire<'truthPage'> {
    this.desk.tick();
    const to = query.from + query.limit;
    const payments = this.ledger.slice(query.from, to).map(wireTruth);
    return { payments, next: to < this.ledger.paymentCount ? to : null };
  }

  @Get('faults')
  read(): FaultKnobs {
    return this.faults.knobs;
  }

  @Post('faults')
  @HttpCode(200)
  set(@Body({ schema: faultKnobs }) knobs: FaultKnobs): FaultKnobs {
    this.faults.set(knobs);
    return knobs;
  }
}
