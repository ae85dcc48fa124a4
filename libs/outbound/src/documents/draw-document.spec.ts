import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hostileInvoice, sampleDocuments, sampleInvoice } from '../../../../test/support/sample-documents.js';
import { layoutOf } from './document-layout.js';
import { documentLanguageOf, documentLanguages } from './document-messages.js';
import type { DocumentLanguage } from './document-messages.js';
import { drawDocument } from './draw-document.js';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every text of a page description, in the order in which it is read. */
function textsOf(node: unknown): readonly string[] {
  if (typeof node === 'string') return [node];
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { text, stack, columns, table, content } = node as Readonly<Record<string, unknown>>;
  const body = typeof table === 'object' && table !== null && 'body' in table ? table.body : [];
  return [text, stack, columns, body, content].flatMap(textsOf);
}

const said = (name: string, language: DocumentLanguage): string => {
  const drawable = sampleDocuments[name];
  return drawable === undefined ? '' : textsOf(layoutOf(drawable, language)).join('\n').replaceAll('\u00a0', ' ');
};

const each = Object.keys(sampleDocuments).flatMap((name) =>
  // What is hostile is so in every language.
  (name === 'hostile' ? (['es'] as const) : documentLanguages).map((language) => [name, language] as const),
);

test.each(each)('%s in %s is a PDF, and the same bytes when it is drawn again', async (name, language) => {
  const drawable = sampleDocuments[name] ?? { content: sampleInvoice };
  const [first, second] = [await drawDocument(drawable, language), await drawDocument(drawable, language)];
  expect(Buffer.from(first.subarray(0, 5)).toString()).toBe('%PDF-');
  expect(hashOf(second)).toBe(hashOf(first));
});

describe('what stands on it', () => {
  test.each<[string, DocumentLanguage, readonly string[]]>([
    [
      'invoice',
      'en',
      ['Invoice', 'US-2026-000017', 'October 5, 2026', '$12,184.11', 'card ending in 4242', 'ABC680524P76'],
    ],
    [
      'invoice',
      'es',
      [
        'Factura',
        '12.184,11 US$',
        '5 de octubre de 2026',
        'Compañía Ñandú',
        'México',
        '25 usuarios × USD 45,00 al mes',
      ],
    ],
    ['invoice', 'pt-BR', ['Fatura', 'US$ 12.184,11', '5 de outubro de 2026', 'dias restantes']],
    [
      'taxed-invoice',
      'pt-BR',
      [
        'CNPJ 12.ABC.345/01DE-35',
        'Impostos 18 %',
        'R$ 2.025,00',
        'R$ 9.225,00',
        'em 6 parcelas',
        'CNPJ 11.222.333/0001-81',
      ],
    ],
    [
      'credit-note',
      'en',
      [
        'Credit note',
        'Credits invoice BR-2026-000003 of October 5, 2026',
        'R$784.11',
        'R$141.14',
        'rounded to BRL -784.11',
      ],
    ],
    ['credit-note', 'pt-BR', ['Nota de crédito', 'Reembolso de usuários devolvidos', 'R$ 784,11']],
    [
      'payment-request',
      'pt-BR',
      [
        'Solicitação de pagamento',
        'Pague com Pix até 6 de outubro de 2026',
        'Isto não é uma fatura',
        '5913Fulano de Tal6008BRASILIA',
      ],
    ],
    ['hostile', 'en', ['Made on a test clock', '<script>alert(1)</script>', 'linetwo three', 'Not paid yet']],
  ])('%s in %s', (name, language, wanted) => {
    const text = said(name, language);
    for (const one of wanted) expect(text).toContain(one);
  });

  test('ten thousand characters, and what turns the direction of reading, are not on it', () => {
    expect(hostileInvoice.buyer.name.length).toBeGreaterThan(10_000);
    for (const one of textsOf(layoutOf({ content: hostileInvoice }, 'en'))) {
      expect(one.length).toBeLessThan(800);
      expect(one).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Extended_Pictographic}/u);
    }
  });

  const cancelled: readonly (readonly [DocumentLanguage, readonly string[]])[] = [
    [
      'en',
      ['Credits invoice US-2026-000020', 'Order not paid', 'VAT 23 %', 'Net', '$2,587.50', 'ended on December 4, 2026'],
    ],
    ['es', ['Nota de crédito', 'Pedido sin pagar', 'IVA 23 %', 'Base imponible', '2.587,50 US$', 'Ya no se debe nada']],
    [
      'pt-BR',
      ['Nota de crédito', 'Pedido não pago', 'IVA 23 %', 'Valor sem impostos', 'US$ 2.587,50', 'Nada mais é devido'],
    ],
  ];
  test.each(cancelled)('the credit note of an order that nobody paid names its taxes, in %s', (language, wanted) => {
    const text = said('cancellation-note', language);
    for (const one of wanted) expect(text).toContain(one);
  });

  const onAccount: readonly (readonly [DocumentLanguage, readonly string[]])[] = [
    ['en', ['Due on', 'November 4, 2026', 'VAT 23 %', '$2,587.50', 'Not paid yet. To be paid by November 4, 2026.']],
    ['es', ['Vencimiento', 'IVA 23 %', 'Pendiente de pago. A pagar hasta el 4 de noviembre de 2026.']],
    ['pt-BR', ['Vencimento', 'IVA 23 %', 'Ainda não pago. A pagar até 4 de novembro de 2026.']],
  ];
  test.each(onAccount)('an invoice on account says until when it is to be paid, in %s', (language, wanted) => {
    const text = said('on-account', language);
    for (const one of wanted) expect(text).toContain(one);
  });

  const reversed: readonly (readonly [DocumentLanguage, string])[] = [
    ['en', 'VAT 19 %: reverse charge, to be paid by the buyer under tax number DE123456789'],
    ['es', 'IVA 19 %: inversión del sujeto pasivo, a cargo del comprador con número fiscal DE123456789'],
    ['pt-BR', 'IVA 19 %: inversão do sujeito passivo, a cargo do comprador com número fiscal DE123456789'],
  ];
  test.each(reversed)(
    'a reverse charge says who owes the tax, on invoices and on credit notes, in %s',
    (language, wanted) => {
      for (const name of ['reverse-charge', 'reverse-charge-note']) expect(said(name, language)).toContain(wanted);
    },
  );

  test.each(documentLanguages)('each line that is taxed says by which tax and rate, in %s', (language) => {
    const name = language === 'en' ? 'VAT' : 'IVA';
    expect(said('on-account', language)).toMatch(new RegExp(`12 .* 10 .*${name} 23 %`, 's'));
  });

  test('lines that another version wrote still have their amounts', () => {
    const content = { ...sampleInvoice, lines: [{ description: { kind: 'new' }, amountMinor: '1218411' }] };
    expect(textsOf(layoutOf({ content }, 'en')).join('\n')).toContain('Order 1042\n\n$12,184.11');
  });
});

test('the language of a reader is that of his locale, or English', () => {
  expect(['pt-BR', 'pt-PT', 'es-MX', 'en-GB', 'de'].map(documentLanguageOf)).toEqual([
    'pt-BR',
    'pt-BR',
    'es',
    'en',
    'en',
  ]);
});
