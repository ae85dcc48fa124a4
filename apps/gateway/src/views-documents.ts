import { documentKinds } from '@billfleet/domain';
import { z } from 'zod';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '75000' });

const document = z.object({
  id: z.uuid(),
  kind: z.enum(documentKinds),
  number: z.string().meta({ example: 'US-2026-000017' }),
  isTest: z.boolean().meta({ description: 'Made on a test clock: numbered apart, and not valid.' }),
  workspaceId: z.uuid(),
  orderId: z.uuid(),
  refundId: z.uuid().nullable(),
  invoiceId: z.uuid().nullable().meta({ description: 'Of a credit note: the invoice that it credits.' }),
  currency: z.string(),
  amountMinor: minor,
  taxMinor: minor.meta({ description: 'The part of the amount that is tax.' }),
  issuedAt: z.iso.datetime(),
  dueAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'Of an invoice on account: until when it is to be paid. Null for every other document.' }),
  paidAt: z.iso.datetime().nullable().meta({ description: 'Of an invoice: when its order was paid; null until then.' }),
  hash: z.string().meta({ description: 'SHA-256 over the hash of the document before it and this one’s content.' }),
  pdf: z.string().meta({ description: 'Where its PDF is.' }),
});

/** An invoice or a credit note in a list. */
export const documentView = document.meta({ id: 'Document' });

/** An invoice or a credit note with all that it says. */
export const documentWithContentView = document
  .extend({ previousHash: z.string(), content: z.record(z.string(), z.unknown()) })
  .meta({ id: 'DocumentWithContent' });

/** Some documents, newest first. `next`: the id to go on before; null at the end. */
export const documentPage = z
  .object({ documents: z.array(documentView), next: z.uuid().nullable() })
  .meta({ id: 'DocumentPage' });
