import 'reflect-metadata';
import { NestLog, runProcess } from '@billfleet/platform';
import { NestFactory } from '@nestjs/core';
import { DeliveryWorkerModule } from './app.module.js';

void runProcess('delivery-worker', async (base) => ({
  context: await NestFactory.createApplicationContext(DeliveryWorkerModule.with(base), {
    logger: new NestLog(base.log),
    abortOnError: false,
  }),
}));
