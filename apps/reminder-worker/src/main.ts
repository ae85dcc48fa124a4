import 'reflect-metadata';
import { NestLog, runProcess } from '@billfleet/platform';
import { NestFactory } from '@nestjs/core';
import { ReminderWorkerModule } from './app.module.js';

void runProcess('reminder-worker', async (base) => ({
  context: await NestFactory.createApplicationContext(ReminderWorkerModule.with(base), {
    logger: new NestLog(base.log),
    abortOnError: false,
  }),
}));
