import addressparser from 'nodemailer/lib/addressparser';

/** Longest address that SMTP can carry in a command (RFC 5321, 4.5.3.1.3, without the angle brackets). */
const ADDRESS_LENGTH_MAX = 254;
const LOCAL_PART_LENGTH_MAX = 64;

const DOMAIN_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** What `checkAddress` found: one plain address, or why the text is not one. */
export type AddressCheck =
  { readonly ok: true; readonly address: string } | { readonly ok: false; readonly reason: string };

/** True when a text holds a control character (CR, LF and NUL among them) or a Unicode line break: none may enter a header. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL_CHARACTER.test(text);
}

/**
 * Accepts exactly one bare e-mail address (`ana@example.com`): no display name, no group, no list, no comment, no quoted
 * local part, no address literal, no control character. What it accepts means the same to every parser on the way.
 * Domains beyond ASCII are wanted in their `xn--` form. The reason never repeats the address, so it may be logged.
 */
export function checkAddress(text: string): AddressCheck {
  if (hasControlCharacter(text)) return { ok: false, reason: 'the address holds a control character or a line break' };
  if (text.length > ADDRESS_LENGTH_MAX) {
    return { ok: false, reason: `the address is longer than ${String(ADDRESS_LENGTH_MAX)} characters` };
  }
  const parsed = addressparser(text);
  const [mailbox] = parsed;
  if (parsed.length !== 1 || mailbox === undefined) {
    return { ok: false, reason: `found ${String(parsed.length)} addresses, wanted exactly one` };
  }
  // The parser repairs what it can; a text that needed repair could be read differently by the next server.
  if (mailbox.address !== text || mailbox.name !== '') {
    return { ok: false, reason: 'the address holds more than a bare address' };
  }
  return checkParts(text);
}

function checkParts(text: string): AddressCheck {
  const [localPart, domain, ...rest] = text.split('@');
  if (localPart === undefined || domain === undefined || rest.length > 0) {
    return { ok: false, reason: 'the address needs exactly one @' };
  }
  if (localPart.length > LOCAL_PART_LENGTH_MAX || !LOCAL_PART.test(localPart)) {
    return { ok: false, reason: 'the part before the @ is not plain text with single dots' };
  }
  if (!domain.split('.').every((label) => DOMAIN_LABEL.test(label))) {
    return { ok: false, reason: 'the part after the @ is not a domain name' };
  }
  return { ok: true, address: text };
}

/** The sender of all mail: one address, with or without a display name (`Billing <billing@example.com>`). */
export type Sender = { readonly name: string; readonly address: string };

/**
 * Reads the configured sender.
 * @throws Error when it is not one address with an optional display name: a fault of the configuration.
 */
export function parseSender(text: string): Sender {
  const parsed = hasControlCharacter(text) ? [] : addressparser(text);
  const [mailbox] = parsed;
  if (parsed.length !== 1 || mailbox?.address === undefined || !checkAddress(mailbox.address).ok) {
    throw new Error('the mail sender must be one address, such as: Billing <billing@example.com>');
  }
  return { name: mailbox.name, address: mailbox.address };
}
