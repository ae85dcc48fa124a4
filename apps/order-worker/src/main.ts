import 'reflect-metadata';
import { NestLog, runProcess } from '@billfleet/platform';
import { NestFactory } from '@nestjs/core';
import { OrderWorkerModule } from './app.module.js';

void runProcess('order-worker', async (base) => ({
  context: await NestFactory.createApplicationContext(OrderWorkerModule.with(base), {
    logger: new NestLog(base.log),
    abortOnError: false,
  }),
}));
