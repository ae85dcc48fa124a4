import type { Config } from '@billfleet/platform';
import type { PaymentProvider } from './port.js';
import { sandboxProvider } from './sandbox.js';

/** The payment provider that the configuration names; every process of a fleet builds the same one. */
export function configuredProvider(config: Config): PaymentProvider {
  return sandboxProvider({
    baseUrl: config.sandboxUrl,
    apiKey: config.sandboxApiKey,
    webhookSecrets: [config.sandboxWebhookSecret],
    timeoutMs: config.providerTimeoutMs,
  });
}
