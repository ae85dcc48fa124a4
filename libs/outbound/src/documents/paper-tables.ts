import type { PageNode } from './page-nodes.js';
import type { Paper } from './paper-formats.js';
import type { PaperLine } from './paper-lines.js';
import { flowing } from './printable-text.js';

/** The colour of what stands beside. */
export const GREY = '#5b6470';
const RULE = '#c9ced6';

/** A table of lines with their amounts; its head comes again on each page. */
export function lineTable(lines: readonly PaperLine[], currency: string, { say, money }: Paper): PageNode {
  const heading = (text: string, alignment: 'left' | 'right'): PageNode => ({
    text,
    alignment,
    color: GREY,
    fontSize: 8,
  });
  return {
    margin: [0, 0, 0, 10],
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: ['*', 56, 96],
      body: [
        [heading(say('lines'), 'left'), heading(say('quantity'), 'right'), heading(say('amount'), 'right')],
        ...lines.map(({ title, sentence, quantity, amountMinor }): PageNode[] => [
          {
            stack: [
              flowing(title),
              ...(sentence === undefined ? [] : [{ ...flowing(sentence), fontSize: 7.5, color: GREY }]),
            ],
          },
          { text: quantity, alignment: 'right' },
          { text: money(amountMinor, currency), alignment: 'right' },
        ]),
      ],
    },
    layout: {
      hLineWidth: (row: number, node: { readonly table: { readonly body: readonly unknown[] } }) =>
        row === 0 ? 0 : row === 1 || row === node.table.body.length ? 0.8 : 0.4,
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      paddingTop: () => 5,
      paddingBottom: () => 5,
      paddingLeft: () => 0,
      paddingRight: () => 0,
    },
  };
}

/** Sums below a table, the last one in bold, with notes below it. */
export function sumTable(
  rows: readonly (readonly [string, string])[],
  last: readonly [string, string],
  notes: readonly string[],
): PageNode {
  const row = ([name, value]: readonly [string, string], style: object): PageNode[] => [
    { ...flowing(name), ...style },
    { text: value, alignment: 'right', ...style },
  ];
  return {
    margin: [0, 0, 0, 18],
    unbreakable: true,
    columns: [
      { width: '*', text: '' },
      {
        width: 280,
        stack: [
          {
            table: {
              widths: ['*', 110],
              body: [...rows.map((one) => row(one, { color: GREY })), row(last, { bold: true, fontSize: 12 })],
            },
            layout: 'noBorders',
          },
          ...notes.map((text): PageNode => ({
            text,
            color: GREY,
            fontSize: 8,
            alignment: 'right',
            margin: [0, 4, 0, 0],
          })),
        ],
      },
    ],
  };
}
