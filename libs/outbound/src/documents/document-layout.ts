import type { CreditNoteContent, Drawable, InvoiceContent, PaymentRequestContent } from '@billfleet/contracts';
import { unreachable } from '@billfleet/domain';
import { wordFor } from './document-messages.js';
import type { DocumentLanguage } from './document-messages.js';
import type { PageDescription, PageNode } from './page-nodes.js';
import { paperFor } from './paper-formats.js';
import type { Paper } from './paper-formats.js';
import { creditedTaxesOf, paperLines, paperTaxes } from './paper-lines.js';
import type { PaperTax } from './paper-lines.js';
import { GREY, lineTable, sumTable } from './paper-tables.js';
import { buyerParty, buyerTaxNumber, sellerParty } from './parties.js';
import type { Party } from './parties.js';
import { flowing, printable } from './printable-text.js';

type Any = Drawable['content'];

const INK = '#1b1f24';
const WARNING = '#a11212';
const MARGINS: [number, number, number, number] = [48, 48, 48, 64];
const SHORT_MAX = 60;
const PROOF_MAX = 120;
const QR_SIDE = 132;
/** Longer than any Pix code may be; what is longer is no code. */
const PIX_CODE_MAX = 600;

/** The page description of a document in a language. It is made anew each time, since whoever draws it changes it. */
export function layoutOf({ content, hash }: Drawable, language: DocumentLanguage): PageDescription {
  const paper = paperFor(language, content.seller.timeZone);
  const title = titleOf(content, paper);
  const subject = 'number' in content ? content.number : `${paper.say('order')} ${content.order.number}`;
  return {
    pageSize: 'A4',
    pageMargins: MARGINS,
    language,
    info: {
      title: `${title} ${subject}`,
      author: printable(content.seller.legalName, SHORT_MAX),
      // Whoever draws it again gets the same bytes.
      creationDate: content.issuedAt,
      modDate: content.issuedAt,
    },
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.2, color: INK },
    footer: (page, pages) => footer(paper, { subject, hash, page, pages }),
    content: [
      ...(isTried(content) ? [{ text: paper.say('tried'), color: WARNING, bold: true, margin: [0, 0, 0, 12] }] : []),
      head(content, title, paper),
      parties(content, paper),
      ...body(content, paper),
    ],
  };
}

const isTried = (content: Any): boolean =>
  content.kind === 'payment_request' ? content.isTried : content.series.mode === 'test';

const titleOf = ({ kind }: Any, { say }: Paper): string =>
  say(kind === 'invoice' ? 'invoice' : kind === 'credit_note' ? 'creditNote' : 'paymentRequest');

function footer(
  { say, count }: Paper,
  {
    subject,
    hash,
    page,
    pages,
  }: { readonly subject: string; readonly hash: string | undefined; readonly page: number; readonly pages: number },
): PageNode {
  return {
    margin: [MARGINS[0], 16, MARGINS[2], 0],
    fontSize: 7,
    color: GREY,
    columns: [
      { width: '*', stack: [{ text: subject }, ...(hash === undefined ? [] : [{ text: say('hash', { hash }) }])] },
      { width: 90, alignment: 'right', text: say('page', { page: count(page), pages: count(pages) }) },
    ],
  };
}

function head(content: Any, title: string, { say, day }: Paper): PageNode {
  const facts: readonly (readonly [string, string])[] = [
    ...('number' in content ? ([[say('number'), content.number]] as const) : []),
    [say('issuedOn'), day(content.issuedAt)],
    ...(content.kind === 'invoice' && content.dueAt !== null ? ([[say('dueOn'), day(content.dueAt)]] as const) : []),
    [say('order'), printable(content.order.number, SHORT_MAX)],
  ];
  return {
    margin: [0, 0, 0, 20],
    columns: [
      { width: '*', text: title, fontSize: 20, bold: true },
      {
        width: 224,
        table: {
          widths: [90, '*'],
          body: facts.map(([name, value]) => [
            { text: name, color: GREY },
            { text: value, alignment: 'right', bold: true },
          ]),
        },
        layout: 'noBorders',
      },
    ],
  };
}

function parties(content: Any, paper: Paper): PageNode {
  const block = (label: string, { name, lines }: Party): PageNode => ({
    width: '*',
    stack: [
      { text: label, color: GREY, fontSize: 8, margin: [0, 0, 0, 2] },
      { ...flowing(name), bold: true, fontSize: 10.5 },
      ...lines.map(flowing),
    ],
  });
  return {
    margin: [0, 0, 0, 24],
    columnGap: 24,
    columns: [
      block(paper.say('from'), sellerParty(content, paper)),
      block(paper.say('to'), buyerParty(content, paper)),
    ],
  };
}

function body(content: Any, paper: Paper): readonly PageNode[] {
  switch (content.kind) {
    case 'invoice':
      return [
        sale(content, paper),
        totals(content, paperTaxes(content.lines, paper), paper.say('total'), paper),
        ...paid(content, paper),
      ];
    case 'payment_request':
      return [
        sale(content, paper),
        totals(content, paperTaxes(content.lines, paper), paper.say('toPay'), paper),
        ...pix(content, paper),
      ];
    case 'credit_note':
      return credited(content, paper);
    default:
      return unreachable(content);
  }
}

function sale({ lines, order, currency }: InvoiceContent | PaymentRequestContent, paper: Paper): PageNode {
  const { number: orderNumber, priceListId } = order;
  return lineTable(paperLines(lines, { currency, orderNumber, priceListId }, paper), currency, paper);
}

type Sums = Pick<Any, 'currency' | 'amountMinor' | 'taxMinor' | 'buyer'>;

function totals(sums: Sums, taxes: readonly PaperTax[], label: string, paper: Paper): PageNode {
  const { say, money } = paper;
  const { currency, amountMinor, taxMinor } = sums;
  const named = taxes.filter(({ isReverseCharge }) => !isReverseCharge);
  const charged =
    named.length === 0
      ? taxPart(sums, paper)
      : named.map(({ name, percent, taxMinor: one }) => [taxName(name, percent, paper), money(one, currency)] as const);
  const rows = [...netPart(sums, paper), ...charged];
  const notes = taxes
    .filter(({ isReverseCharge }) => isReverseCharge)
    .map(({ name, percent }) => reverseCharge(taxName(name, percent, paper), sums, paper));
  return sumTable(
    rows,
    [label, money(amountMinor, currency)],
    notes.length === 0 && taxMinor === 0n ? [say('noTax')] : notes,
  );
}

/** Whoever owes the tax himself is named by the number under which he does. */
function reverseCharge(name: string, sums: Sums, { say }: Paper): string {
  const number = buyerTaxNumber(sums);
  return number === undefined ? say('reverseCharge', { name }) : say('reverseChargeUnder', { name, number });
}

type Row = readonly [string, string];

const netPart = ({ currency, amountMinor, taxMinor }: Sums, { say, money }: Paper): readonly Row[] =>
  taxMinor === 0n ? [] : [[say('net'), money(amountMinor - taxMinor, currency)]];

const taxPart = ({ currency, taxMinor }: Sums, { say, money }: Paper): readonly Row[] =>
  taxMinor === 0n ? [] : [[say('taxPart'), money(taxMinor, currency)]];

const taxName = (name: string, percent: string | undefined, { say, language }: Paper): string =>
  percent === undefined
    ? say('taxUnnamed', { name })
    : say('tax', { name, percent: language === 'en' ? percent : percent.replace('.', ',') });

function paid({ payment, dueAt }: InvoiceContent, paper: Paper): readonly PageNode[] {
  const { say, day, money, count } = paper;
  if (payment === null) return dueAt === null ? [] : [{ text: say('unpaid', { day: day(dueAt) }), bold: true }];
  const { method, last4, installments, paidAt, reference, offline } = payment;
  const how = method === 'card' && last4 !== null ? say('method.cardEnding', { last4 }) : say(`method.${method}`);
  const parts = installments > 1 ? ` ${say('installments', { count: count(installments) })}` : '';
  const proof =
    offline === null
      ? [say('reference', { reference: printable(reference, PROOF_MAX) })]
      : [
          say(offline.partner === null ? 'offline' : 'offlinePartner', {
            partner: printable(offline.partner ?? '', SHORT_MAX),
            amount: money(offline.amountMinor, offline.currency),
            proof: printable(offline.proof, PROOF_MAX),
          }),
        ];
  return [
    { text: `${say('paid', { day: day(paidAt), method: how })}${parts}.`, bold: true },
    ...proof.map((text): PageNode => ({ ...flowing(text), color: GREY })),
  ];
}

function pix({ pixCode, payUntil }: PaymentRequestContent, { say, day }: Paper): readonly PageNode[] {
  const code = pixCode.slice(0, PIX_CODE_MAX);
  // Whoever copies it needs every character of it; it has none but plain ones.
  const shown = /^[\x20-\x7e]+$/.test(code) ? code : printable(code, PIX_CODE_MAX);
  return [
    { text: say('pixHow', { day: day(payUntil) }), bold: true, margin: [0, 0, 0, 8] },
    {
      unbreakable: true,
      columnGap: 20,
      columns: [
        { width: QR_SIDE, qr: code, fit: QR_SIDE, eccLevel: 'M' },
        { width: '*', text: shown, wordBreak: 'break-all', fontSize: 8, color: GREY },
      ],
    },
    { text: say('notAnInvoice'), color: GREY, margin: [0, 16, 0, 0] },
  ];
}

function credited(content: CreditNoteContent, paper: Paper): readonly PageNode[] {
  const { say, day, money } = paper;
  const { invoice, refund, cancellation, currency, amountMinor, basis, order, taxes = [] } = content;
  const reason = refund?.reason ?? cancellation?.reason ?? '';
  const line = { title: say(wordFor('reason', reason)), sentence: undefined, quantity: '', amountMinor };
  const named = { number: invoice.number, day: day(invoice.issuedAt), amount: money(invoice.amountMinor, currency) };
  const ended =
    refund === null
      ? say('cancelled', { day: day(cancellation?.endedAt ?? content.issuedAt) })
      : say('refunded', { day: day(refund.refundedAt) });
  const basisLines =
    basis === null
      ? []
      : paperLines(basis.lines, { currency, orderNumber: order.number, priceListId: order.priceListId }, paper);
  return [
    { text: say('credits', named), margin: [0, 0, 0, 14] },
    lineTable([line], currency, paper),
    totals(content, creditedTaxesOf(taxes, paper), say('credited'), paper),
    { text: ended, bold: true },
    ...(basisLines.length === 0
      ? []
      : [
          { text: say('basis'), bold: true, margin: [0, 18, 0, 4] },
          ...basisLines.map(({ title, sentence }): PageNode => ({
            ...flowing(sentence ?? title),
            fontSize: 8,
            color: GREY,
          })),
        ]),
  ];
}
