import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown, BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Health } from '@billfleet/platform';
import type { Clock, Log } from '@billfleet/platform';
import { ApiKeyGuard } from './http/api-key.guard.js';
import { FaultGate } from './http/fault-gate.js';
import { HealthController } from './http/health.controller.js';
import { InspectionController } from './http/inspection.controller.js';
import { MerchantController } from './http/merchant.controller.js';
import { PayerController } from './http/payer.controller.js';
import { Ledger } from './ledger/ledger.js';
import { Courier } from './merchant/courier.js';
import { Desk } from './merchant/desk.js';
import { Faults } from './merchant/faults.js';
import { SANDBOX_OPTIONS } from './options.js';
import type { SandboxProviderOptions } from './options.js';
import { PagesController } from './pages/pages.controller.js';

const tickMs = 500;

/** What the process gives to the provider. */
type Surroundings = { readonly log: Log; readonly health: Health; readonly clock: Clock };

/** The provider: its ledger, its rules, its API, its pages and its webhooks. */
@Module({})
export class ProviderModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly desk: Desk,
    private readonly courier: Courier,
  ) {}

  static with(options: SandboxProviderOptions, surroundings: Surroundings): DynamicModule {
    const { log, health, clock } = surroundings;
    return {
      module: ProviderModule,
      controllers: [MerchantController, PayerController, InspectionController, PagesController, HealthController],
      providers: [
        { provide: SANDBOX_OPTIONS, useValue: options },
        { provide: Health, useValue: health },
        { provide: Ledger, useFactory: () => new Ledger(options.dataPath) },
        { provide: Faults, useFactory: (ledger: Ledger) => new Faults(ledger), inject: [Ledger] },
        {
          provide: Courier,
          useFactory: (ledger: Ledger, faults: Faults) => new Courier(ledger, faults, options, clock, log),
          inject: [Ledger, Faults],
        },
        {
          provide: Desk,
          useFactory: (ledger: Ledger, faults: Faults, courier: Courier) =>
            new Desk(
              ledger,
              faults,
              (event) => {
                courier.send(event);
              },
              clock,
            ),
          inject: [Ledger, Faults, Courier],
        },
        ApiKeyGuard,
        FaultGate,
      ],
    };
  }

  onModuleInit(): void {
    this.courier.start();
    this.ticking = setInterval(() => {
      this.desk.tick();
    }, tickMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.ticking);
    await this.courier.stop();
  }

  onApplicationShutdown(): void {
    this.ledger.close();
  }
}
