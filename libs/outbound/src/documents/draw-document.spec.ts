import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  hostileInvoice,
  sampleDocuments,
  sampleInvoice,
  sampleTaxedInvoice,
} from '../../../../test/support/sample-documents.js';
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

  test('a reverse charge says that the buyer owes the tax', () => {
    const name = { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' };
    const [line] = sampleTaxedInvoice.lines;
    const tax = {
      kind: 'reverse-charge',
      rule: 'eu',
      name,
      percent: '21',
      prices: 'exclusive',
      priceMinor: '1',
      netMinor: '1',
      taxMinor: '0',
    };
    const content = { ...sampleTaxedInvoice, taxMinor: 0n, lines: [{ ...line, tax }] };
    expect(textsOf(layoutOf({ content }, 'es')).join('\n')).toContain('IVA: inversión del sujeto pasivo');
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
