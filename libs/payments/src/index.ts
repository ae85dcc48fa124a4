export type {
  CallOutcome,
  ChargebackSeen,
  CheckoutIntent,
  CheckoutStarted,
  Observation,
  PaymentProvider,
  ProviderFailure,
  RefundRequest,
  RefundSeen,
  StoredMethod,
  TokenCharge,
  WebhookNotice,
  WebhookVerdict,
} from './port.js';
export { brCode, crc16 } from './br-code.js';
export type { PixCharge, PixTarget } from './br-code.js';
export { configuredProvider } from './configured-provider.js';
export { sandboxProvider } from './sandbox.js';
export type { SandboxOptions } from './sandbox.js';
export { sandboxLookupMax, sandboxWire } from './sandbox-wire.js';
export { signWebhook, verifySignature, webhookKey, webhookToleranceSeconds } from './webhook-signature.js';
export type { SignatureVerdict, WebhookHeaders } from './webhook-signature.js';
export { sandboxTruth } from './sandbox-truth.js';
export type { SandboxTruth } from './sandbox-truth.js';
