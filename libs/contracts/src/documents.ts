import { documentKinds } from '@billfleet/domain';
import { z } from 'zod';

/** Query of `GET /v1/workspaces/{id}/documents`. */
export const documentQuery = z.strictObject({
  kind: z.enum(documentKinds).optional(),
  before: z.uuid({ error: 'the id of a document' }).toLowerCase().optional(),
  limit: z.coerce.number({ error: 'a whole number from 1 to 200' }).int().min(1).max(200).default(50),
});
export type DocumentQuery = z.output<typeof documentQuery>;

/** Query of the PDFs; without a language it is that of the workspace. */
export const pdfQuery = z.strictObject({
  language: z.enum(['en', 'es', 'pt-BR'], { error: 'en, es or pt-BR' }).optional(),
});
export type PdfQuery = z.output<typeof pdfQuery>;
