import { createHmac, timingSafeEqual } from 'node:crypto';
import { eventEnvelope, eventTypes } from '@billfleet/contracts';
import type { EventType, FleetEvent } from '@billfleet/contracts';

/** A call that is not believed or not understood. Answer it with 400: it is tried again, and seen in the delivery log. */
export class EventVerificationError extends Error {
  override readonly name = 'EventVerificationError';
}

/** An event of a type that this version of the SDK does not know. Answer 2xx and pass over it. */
export type UnknownEvent = Omit<FleetEvent, 'type' | 'data'> & {
  readonly type: 'unknown';
  readonly unknownType: string;
  readonly data: Readonly<Record<string, unknown>>;
};

type Headers = { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

const SECRET_PREFIX = 'whsec_';
/** How far the time of a call may be from ours: an old call that somebody kept is not believed. */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * Checks that the fleet sent this body and answers the event that is in it. `body` is the text as it came: JSON that was read and written again is
 * signed otherwise. Events come at least once: drop an `id` that you have seen, and let `sequence` decide which of two is newer.
 * @param secret `BILLFLEET_HOST_WEBHOOK_SECRET`; several while it is being replaced.
 * @throws EventVerificationError.
 */
export function verifyEvent(
  headers: Headers,
  body: string | Uint8Array,
  secret: string | readonly string[],
  now: () => Date = () => new Date(),
): FleetEvent | UnknownEvent {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    header(headers, name),
  );
  if (id === undefined || timestamp === undefined || signatures === undefined)
    throw new EventVerificationError('webhook-id, webhook-timestamp or webhook-signature is missing');
  const ageSeconds = now().getTime() / 1000 - Number(timestamp);
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(ageSeconds) > TOLERANCE_SECONDS)
    throw new EventVerificationError('webhook-timestamp is no time of the last five minutes');
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const isOurs = secrets.some((one) => isSigned(`${id}.${timestamp}.${text}`, signatures, one));
  if (!isOurs) throw new EventVerificationError('no signature fits');
  return read(text, id);
}

function header(headers: Headers, name: string): string | undefined {
  if (typeof headers.get === 'function')
    return (headers as { get(name: string): string | null }).get(name) ?? undefined;
  const value = (headers as Readonly<Record<string, string | readonly string[] | undefined>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A header may carry several signatures, one for each secret in use: `v1,… v1,…`. */
function isSigned(content: string, signatures: string, secret: string): boolean {
  const key = Buffer.from(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret, 'base64');
  const expected = createHmac('sha256', key).update(content).digest();
  return signatures.split(' ').some((one) => {
    const given = one.startsWith('v1,') ? Buffer.from(one.slice(3), 'base64') : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function read(text: string, id: string): FleetEvent | UnknownEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EventVerificationError('the body is not JSON', { cause });
  }
  const envelope = eventEnvelope.safeParse(json);
  if (!envelope.success || envelope.data.id !== id) throw new EventVerificationError('the body is not an event');
  const { type, ...event } = envelope.data;
  if (!Object.hasOwn(eventTypes, type)) return { ...event, type: 'unknown', unknownType: type };
  const data = eventTypes[type as EventType].data.safeParse(event.data);
  if (!data.success) throw new EventVerificationError(`the data is not that of ${type}`);
  return { ...event, type, data: data.data } as FleetEvent;
}
