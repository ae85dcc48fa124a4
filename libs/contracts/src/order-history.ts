import { isCivilDate, civilDate, orderKinds, shownStatuses } from '@billfleet/domain';
import { z } from 'zod';
import { shortText } from './commands.js';
import { languages, waysPaid } from './order-words.js';

/** Most orders that one page may show. */
export const ORDERS_PER_PAGE_MAX = 100;
const ORDERS_PER_PAGE = 25;

/** Some of these words, with commas between them, each once. */
const someOf = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  z
    .string()
    .max(300)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(words, { error: `one or more of ${words.join(', ')}, with commas between them` })))
    .transform((found) => [...new Set(found)]);

const day = z
  .string()
  .refine((text) => isCivilDate(text) && text >= '1970' && text < '2200', { error: 'a day such as 2026-10-31' })
  .transform(civilDate);

/** A page's `next` is opaque to whoever reads it; it says after which order to go on. */
const cursor = z
  .string()
  .regex(/^o[A-Za-z0-9_-]{22}$/, { error: '`next` of the page before' })
  .transform((text) => orderIdOf(text));

const language = z
  .enum(languages, { error: `one of ${languages.join(', ')}` })
  .optional()
  .meta({ description: 'Of the words in the answer; without it that of the workspace.' });

const narrowedBy = {
  status: someOf(shownStatuses).optional().meta({ description: 'Words, with commas between them.' }),
  kind: someOf(orderKinds).optional().meta({ description: 'Kinds, with commas between them.' }),
  paidBy: z.enum(waysPaid, { error: `one of ${waysPaid.join(', ')}` }).optional(),
  placedFrom: day.optional().meta({ description: 'First day on which it was placed, in the zone of the workspace.' }),
  placedTo: day.optional().meta({ description: 'Last day on which it was placed, in the zone of the workspace.' }),
  text: shortText(100)
    .transform((text) => text.trim())
    .optional()
    .meta({ description: 'The number of an order, or a part of the name of a plan or add-on.' }),
  language,
};

const inOrder = ({ placedFrom, placedTo }: { placedFrom?: string | undefined; placedTo?: string | undefined }) =>
  placedFrom === undefined || placedTo === undefined || placedFrom <= placedTo;
const OUT_OF_ORDER = { path: ['placedTo'], error: 'placedFrom or a later day' };

/** Query of `GET /v1/workspaces/{id}/orders`. */
export const orderQuery = z
  .strictObject({
    ...narrowedBy,
    after: cursor.optional().meta({ description: '`next` of the page before.' }),
    limit: z
      .string()
      .regex(/^\d{1,3}$/, { error: `a whole number from 1 to ${String(ORDERS_PER_PAGE_MAX)}` })
      .transform(Number)
      .refine((limit) => limit >= 1 && limit <= ORDERS_PER_PAGE_MAX, {
        error: `a whole number from 1 to ${String(ORDERS_PER_PAGE_MAX)}`,
      })
      .optional()
      .transform((limit) => limit ?? ORDERS_PER_PAGE),
  })
  .refine(inOrder, OUT_OF_ORDER);

export type OrderQuery = z.output<typeof orderQuery>;

/** Query of `GET /v1/workspaces/{id}/orders.csv`. */
export const orderExportQuery = z
  .strictObject({
    ...narrowedBy,
    bom: z
      .enum(['true', 'false'], { error: 'true or false' })
      .optional()
      .transform((text) => text === 'true')
      .meta({ description: 'Begins the file with a byte order mark, for spreadsheets that need one.' }),
  })
  .refine(inOrder, OUT_OF_ORDER);

export type OrderExportQuery = z.output<typeof orderExportQuery>;

/** Query of `GET /v1/orders/{id}`. */
export const oneOrderQuery = z.strictObject({ language });

export type OneOrderQuery = z.output<typeof oneOrderQuery>;

/** The cursor that goes on after an order; opaque to readers. */
export function cursorAfter(orderId: string): string {
  const bytes = orderId.replaceAll('-', '').match(/../g) ?? [];
  return `o${btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`;
}

function orderIdOf(cursorText: string): string {
  const binary = atob(cursorText.slice(1).replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
