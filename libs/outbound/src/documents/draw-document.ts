import { createRequire } from 'node:module';
import path from 'node:path';
import type { Drawable } from '@billfleet/contracts';
import { layoutOf } from './document-layout.js';
import type { DocumentLanguage } from './document-messages.js';
import type { PageMaker } from './page-nodes.js';

const require = createRequire(import.meta.url);
const pdfmake = require('pdfmake') as PageMaker;
const fontFolder = path.dirname(require.resolve('pdfmake/fonts/Roboto/Roboto-Regular.ttf'));
const cut = (name: string): string => path.join(fontFolder, `Roboto-${name}.ttf`);

pdfmake.setFonts({
  Roboto: { normal: cut('Regular'), bold: cut('Medium'), italics: cut('Italic'), bolditalics: cut('MediumItalic') },
});
// Nothing is ever loaded from outside, and of what lies on the disk only the font.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((file) => path.dirname(path.resolve(file)) === fontFolder);

/**
 * Draws a document as PDF in a language. The same content gives the same bytes, whenever and wherever it is drawn by the same version. It takes a tenth
 * of a second of the processor, so it has no place on the path of money.
 */
export async function drawDocument(drawable: Drawable, language: DocumentLanguage): Promise<Uint8Array> {
  return pdfmake.createPdf(layoutOf(drawable, language)).getBuffer();
}
