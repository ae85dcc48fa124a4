import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the clocks of sender and receiver may be apart before a webhook counts as replayed. */
export const webhookToleranceSeconds = 300;

const signaturesMax = 10;

/** The three headers of the Standard Webhooks convention, as they are sent. */
export type WebhookHeaders = {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
};

/** What the check of a signature came to; `id` is the event's id, the same at every delivery. */
export type SignatureVerdict =
  | { readonly kind: 'verified'; readonly id: string }
  | { readonly kind: 'refused'; readonly reason: 'signature' | 'stale' | 'malformed' };

/**
 * Decodes a secret of the form `whsec_` + base64 of 24 to 64 bytes.
 * @throws Error when it has another form; the text of the secret is not in the message.
 */
export function webhookKey(secret: string): Buffer {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (key.length < 24 || key.length > 64)
    throw new Error('a webhook secret must be whsec_ followed by 24 to 64 bytes in base64');
  return key;
}

const mac = (key: Buffer, id: string, timestamp: string, body: string | Buffer): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

/** Signs a webhook for sending at the given instant. The signed text is `id.timestamp.body`, timestamp in whole seconds. */
export function signWebhook(key: Buffer, id: string, at: Date, body: string | Buffer): WebhookHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac(key, id, timestamp, body).toString('base64')}`,
  };
}

/**
 * Checks a webhook against every key in use (two while a secret is being rotated), in constant time per comparison.
 * The signature is checked before the time, so that only the real sender learns that his clock is wrong.
 */
export function verifySignature(
  keys: readonly Buffer[],
  rawBody: Buffer,
  headers: Readonly<Record<string, string | undefined>>,
  now: Date,
): SignatureVerdict {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (id === undefined || timestamp === undefined || signature === undefined)
    return { kind: 'refused', reason: 'malformed' };
  if (!/^[\x21-\x7e]{1,256}$/.test(id) || !/^\d{1,12}$/.test(timestamp))
    return { kind: 'refused', reason: 'malformed' };
  const given = signature
    .split(' ', signaturesMax)
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  const isSigned = keys.some((key) => {
    const wanted = mac(key, id, timestamp, rawBody);
    return given.some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
  });
  if (!isSigned) return { kind: 'refused', reason: 'signature' };
  const apartSeconds = Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp));
  return apartSeconds > webhookToleranceSeconds ? { kind: 'refused', reason: 'stale' } : { kind: 'verified', id };
}
