import { parseDocument } from '@billfleet/contracts';
import type { Drawable } from '@billfleet/contracts';
import { invariant } from '@billfleet/domain';
import { documentPdfs, documents } from '@billfleet/store';
import type { DocumentRow, NotificationToSend, Store } from '@billfleet/store';
import { newId } from './ids.js';
import type { MailDocument } from './ports.js';

/** What attaching works with. `draw` makes the same bytes of the same content; `languageOf` the language of documents for a locale. */
export type AttachDocumentsParts = {
  readonly store: Store;
  readonly draw: (drawable: Drawable, language: string) => Promise<Uint8Array>;
  readonly languageOf: (locale: string) => string;
};

/** Finds what travels with a mail: the PDF of the document that its facts name. It is drawn if nobody has asked for it yet, and kept. */
export class AttachDocuments {
  constructor(private readonly parts: AttachDocumentsParts) {}

  /** @throws InvariantError when the facts name a document that there is not. */
  async of({ facts, locale }: Pick<NotificationToSend, 'facts' | 'locale'>): Promise<readonly MailDocument[]> {
    const { documentId } = facts as { readonly documentId?: unknown };
    if (typeof documentId !== 'string') return [];
    const { store, languageOf } = this.parts;
    const document = await documents.findDocument(store, documentId);
    invariant(document !== undefined, `there is no document ${documentId}`);
    const language = languageOf(locale);
    const known = await documentPdfs.findPdf(store, { documentId }, language);
    const pdf = known?.pdf ?? (await this.drawn(document, language));
    return [{ fileName: `${document.number}.pdf`, pdf: Buffer.from(pdf) }];
  }

  private async drawn({ id, number, content, hash }: DocumentRow, language: string): Promise<Uint8Array> {
    const said = parseDocument(content);
    invariant(said !== undefined, `document ${number} can be read`);
    const pdf = await this.parts.draw({ content: said, hash }, language);
    await this.parts.store.transaction(async (tx) => {
      const row = await documentPdfs.askForPdf(tx, newId(), { documentId: id }, language);
      await documentPdfs.storePdfs(tx, [{ id: row, pdf }]);
    });
    return pdf;
  }
}
