import 'reflect-metadata';
import { NestLog, runProcess } from '@billfleet/platform';
import { NestFactory } from '@nestjs/core';
import { PaymentWorkerModule } from './app.module.js';

void runProcess('payment-worker', async (base) => ({
  context: await NestFactory.createApplicationContext(PaymentWorkerModule.with(base), {
    logger: new NestLog(base.log),
    abortOnError: false,
  }),
}));
