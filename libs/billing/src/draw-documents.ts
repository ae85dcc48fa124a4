import { setTimeout as pause } from 'node:timers/promises';
import { deliveryQueue, parseDocument } from '@billfleet/contracts';
import type { Drawable } from '@billfleet/contracts';
import type { Seller } from '@billfleet/domain';
import { documentGrounds, documentPdfs, work } from '@billfleet/store';
import type { DrawnPdf, OwedWork, PdfSubject, Store } from '@billfleet/store';
import { paymentRequest } from './draft-documents.js';
import { newId } from './ids.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';

/** What drawing works with. `draw` makes the same bytes of the same content. */
export type DrawDocumentsParts = {
  readonly store: Store;
  readonly sellers: readonly Seller[];
  readonly draw: (drawable: Drawable, language: string) => Promise<Uint8Array>;
};

/** Draws the PDFs that somebody asked for, one after the other, since each takes a good while of the processor. */
export class DrawDocuments {
  constructor(private readonly parts: DrawDocumentsParts) {}

  /** Refs are rows of `document_pdf`. What was drawn stays as it is. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { store, sellers, draw } = this.parts;
    const wanted = await documentPdfs.pdfsToDraw(
      store,
      items.map((item) => item.ref),
    );
    const requests = await documentGrounds.ordersToRequest(
      store,
      wanted.flatMap(({ attemptId }) => attemptId ?? []),
    );
    const drawn: { id: string; pdf: Uint8Array }[] = [];
    const impossible = new Set<string>();
    for (const { id, language, attemptId, content, hash } of wanted) {
      const order = attemptId === null ? undefined : requests.get(attemptId);
      const said = order === undefined ? parseDocument(content ?? '') : paymentRequest(order, sellers);
      if (said === undefined) impossible.add(id);
      else drawn.push({ id, pdf: await draw({ content: said, ...(hash === null ? {} : { hash }) }, language) });
    }
    return store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      await documentPdfs.storePdfs(tx, drawn);
      const hopeless = mine.filter(({ ref }) => impossible.has(ref));
      await work.ack(
        tx,
        mine.filter(({ ref }) => !impossible.has(ref)),
      );
      return failed(hopeless, 'there is nothing in it that this version can draw', 'hopeless');
    });
  }
}

const WAITED_MS_MAX = 8_000;
const LOOK_EVERY_MS = 60;

/** Reads PDFs. One that nobody asked for before is drawn by the delivery worker, and waited for. */
export class ReadPdfs {
  constructor(private readonly store: Store) {}

  /** Undefined when it is not drawn in time: it is owed, so ask again. */
  async read(subject: PdfSubject, language: string): Promise<DrawnPdf | undefined> {
    const known = await documentPdfs.findPdf(this.store, subject, language);
    if (known !== undefined) return known;
    await this.store.transaction(async (tx) => {
      const id = await documentPdfs.askForPdf(tx, newId(), subject, language);
      await work.owe(tx, deliveryQueue, 'document.render', [id]);
    });
    const deadline = performance.now() + WAITED_MS_MAX;
    while (performance.now() < deadline) {
      await pause(LOOK_EVERY_MS);
      const drawn = await documentPdfs.findPdf(this.store, subject, language);
      if (drawn !== undefined) return drawn;
    }
    return undefined;
  }
}
