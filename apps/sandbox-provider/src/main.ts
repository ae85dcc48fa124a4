import type { AddressInfo } from 'node:net';
import { runProcess } from '@billfleet/platform';
import { createApp } from './create-app.js';

await runProcess('sandbox-provider', async ({ config, log, health, clock }) => {
  const app = await createApp({
    provider: {
      dataPath: config.sandboxDataPath,
      publicUrl: config.sandboxUrl,
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
});
