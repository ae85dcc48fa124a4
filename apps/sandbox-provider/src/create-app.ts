import type { AddressInfo } from 'node:net';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLog } from '@billfleet/platform';
import type { Base } from '@billfleet/platform';
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

/**
 * Starts the sandbox of a fleet as its configuration says; answers the port, which differs from the configured one when that is 0.
 * `publicUrl` is the base of the links to hosted pages; without it they lead to the address that the caller used.
 */
export async function createSandbox(
  { config, log, health, clock }: Base,
  publicUrl?: string,
): Promise<{ context: NestFastifyApplication; port: number }> {
  const app = await createApp({
    provider: {
      dataPath: config.sandboxDataPath,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      notifyUrl: config.sandboxNotifyUrl,
      apiKey: config.sandboxApiKey,
      webhookSecret: config.sandboxWebhookSecret,
    },
    smtp: { host: config.host, port: config.mailboxSmtpPort },
    hostWebhookSecret: config.hostWebhookSecret,
    log,
    health,
    clock,
  });
  await app.listen(config.sandboxPort, config.host);
  return { context: app, port: (app.getHttpServer().address() as AddressInfo).port };
}
