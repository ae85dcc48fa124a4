import { ConfigError, createLog, loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { createApp } from './create-app.js';

const read = (): Config => {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
};

const config = read();
const log = createLog('sandbox-provider', config.logLevel);
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
});

let isStopping = false;
const stop = (reason: string): void => {
  if (isStopping) return;
  isStopping = true;
  const late = setTimeout(() => {
    log.error({ drainMs: config.drainMs }, 'drain took too long');
    process.exit(1);
  }, config.drainMs);
  late.unref();
  void app.close().then(
    () => {
      log.info({ reason }, 'down');
      process.exit(0);
    },
    (error: unknown) => {
      log.error({ err: error }, 'drain failed');
      process.exit(1);
    },
  );
};

process.on('SIGTERM', () => {
  stop('SIGTERM');
});
process.on('SIGINT', () => {
  stop('SIGINT');
});
process.on('disconnect', () => {
  stop('launcher gone');
});

await app.listen(config.sandboxPort, config.host);
log.info({ url: await app.getUrl() }, 'up');
