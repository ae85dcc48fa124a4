import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLog } from '@billfleet/platform';
import { AppModule } from './app.module.js';
import type { SandboxOptions } from './app.module.js';
import { schemaPipe } from './http/refusals.js';

const bodyBytesMax = 262_144;

/** Builds the application; the caller listens and closes. The raw body is kept because the host product checks signatures over it. */
export async function createApp(options: SandboxOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: bodyBytesMax });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options), adapter, {
    logger: new NestLog(options.log),
    rawBody: true,
    abortOnError: false,
  });
  app.useGlobalPipes(schemaPipe);
  return app;
}
