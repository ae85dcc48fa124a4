import 'reflect-metadata';
import { NestLog, runProcess } from '@billfleet/platform';
import { NestFactory } from '@nestjs/core';
import { DispatcherModule } from './app.module.js';

void runProcess('dispatcher', async (base) => ({
  context: await NestFactory.createApplicationContext(DispatcherModule.with(base), {
    logger: new NestLog(base.log),
    abortOnError: false,
  }),
}));
