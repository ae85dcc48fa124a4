/** Whom a Pix code pays: a fixed key (static), or a place where the bank app reads the charge (dynamic, used once). */
export type PixTarget =
  | { readonly kind: 'static'; readonly key: string; readonly txid?: string }
  | { readonly kind: 'dynamic'; readonly location: string };

/** What goes into a Pix code. */
export type PixCharge = {
  readonly target: PixTarget;
  /** Cut to 25 characters, without accents. */
  readonly merchantName: string;
  /** Cut to 15 characters, without accents. */
  readonly merchantCity: string;
  /** Centavos; left out when the payer or the location says the amount. */
  readonly amountMinor?: bigint;
};

const field = (id: string, value: string): string => {
  const length = value.length;
  if (length === 0 || length > 99)
    throw new RangeError(`Pix field ${id}: found ${String(length)} characters, wanted 1 to 99`);
  return `${id}${String(length).padStart(2, '0')}${value}`;
};

/** CRC-16/CCITT-FALSE over the text's bytes, as four upper-case hexadecimal digits. */
export function crc16(text: string): string {
  let crc = 0xffff;
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

// Accents are dropped because lengths count characters while old readers count bytes; the cut may leave a blank at the end.
const plain = (text: string, lengthMax: number): string =>
  text
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, lengthMax)
    .trim();

const decimal = (amountMinor: bigint): string => {
  if (amountMinor <= 0n) throw new RangeError(`Pix amount: found ${String(amountMinor)} centavos, wanted more than 0`);
  const digits = String(amountMinor).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/**
 * Builds the copy-and-paste text of a Pix payment, which is also the text of its QR code (EMV merchant-presented, BR Code).
 * @throws RangeError when a value cannot be expressed, for example a location of more than 77 characters.
 */
export function brCode(charge: PixCharge): string {
  const { target } = charge;
  const account =
    target.kind === 'static' ? field('01', target.key) : field('25', target.location.replace(/^\w+:\/\//, ''));
  const text = [
    field('00', '01'),
    target.kind === 'dynamic' ? field('01', '12') : '',
    field('26', field('00', 'br.gov.bcb.pix') + account),
    field('52', '0000'),
    field('53', '986'),
    charge.amountMinor === undefined ? '' : field('54', decimal(charge.amountMinor)),
    field('58', 'BR'),
    field('59', plain(charge.merchantName, 25)),
    field('60', plain(charge.merchantCity, 15)),
    field('62', field('05', target.kind === 'static' ? (target.txid ?? '***') : '***')),
    '6304',
  ].join('');
  return text + crc16(text);
}
