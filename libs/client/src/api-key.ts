import { createHash, createHmac } from 'node:crypto';
import type { IntakeEnvelope } from '@billfleet/contracts';

/** The API key is not one of ours; the text never repeats the key. */
export class InvalidKeyError extends Error {
  override readonly name = 'InvalidKeyError';
}

/** `bf_`, perhaps a word such as `dev_`, the prefix that names the key, `_`, and the secret. */
const KEY = /^bf_(?:[a-z]{2,8}_)?([a-z0-9]{6,16})_([A-Za-z0-9]{32,64})$/;

/** Signs envelopes in the name of one API key. */
export type Signer = (body: string) => IntakeEnvelope;

/**
 * A signer for this key. The signing key is the SHA-256 of the secret, which is all that the fleet stores of it, so the secret itself
 * never travels through Redis.
 * @throws InvalidKeyError for a text that is not an API key.
 */
export function signerOf(apiKey: string): Signer {
  const [, prefix, secret] = KEY.exec(apiKey) ?? [];
  if (prefix === undefined || secret === undefined)
    throw new InvalidKeyError(`found a text of ${String(apiKey.length)} characters, wanted bf_<prefix>_<secret>`);
  const signingKey = createHash('sha256').update(secret).digest('hex');
  return (body) => ({
    body,
    publisher: prefix,
    signature: createHmac('sha256', signingKey).update(body).digest('hex'),
  });
}
