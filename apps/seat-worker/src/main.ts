import 'reflect-metadata';
import { NestLog, runProcess } from '@billfleet/platform';
import { NestFactory } from '@nestjs/core';
import { SeatWorkerModule } from './app.module.js';

void runProcess('seat-worker', async (base) => ({
  context: await NestFactory.createApplicationContext(SeatWorkerModule.with(base), {
    logger: new NestLog(base.log),
    abortOnError: false,
  }),
}));
