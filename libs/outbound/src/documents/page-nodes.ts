// What we use of the description of pages that pdfmake takes. Its own types bring those of browsers into the whole program, where a server has
// no use for them and other parts mean their own.

type Style = {
  readonly margin?: readonly number[];
  readonly color?: string;
  readonly bold?: boolean;
  readonly fontSize?: number;
  readonly lineHeight?: number;
  readonly font?: string;
  readonly alignment?: 'left' | 'right';
  readonly wordBreak?: 'break-all';
  readonly unbreakable?: boolean;
  /** Of a column. */
  readonly width?: number | '*';
};

/** Where the lines of a table are, and how much room is within its cells. */
type TableLayout = {
  readonly hLineWidth: (row: number, node: { readonly table: { readonly body: readonly unknown[] } }) => number;
  readonly vLineWidth: () => number;
  readonly hLineColor: () => string;
  readonly paddingTop: () => number;
  readonly paddingBottom: () => number;
  readonly paddingLeft: () => number;
  readonly paddingRight: () => number;
};

/** A part of a page. */
export type PageNode = Style &
  (
    | { readonly text: string }
    | { readonly stack: readonly PageNode[] }
    | { readonly columns: readonly PageNode[]; readonly columnGap?: number }
    | { readonly qr: string; readonly fit: number; readonly eccLevel: 'M' }
    | {
        readonly table: {
          readonly headerRows?: number;
          readonly dontBreakRows?: boolean;
          readonly widths: readonly (number | '*')[];
          readonly body: readonly (readonly PageNode[])[];
        };
        readonly layout: 'noBorders' | TableLayout;
      }
  );

/** A document of pages. */
export type PageDescription = {
  readonly pageSize: 'A4';
  readonly pageMargins: readonly number[];
  readonly language: string;
  readonly info: {
    readonly title: string;
    readonly author: string;
    readonly creationDate: Date;
    readonly modDate: Date;
  };
  readonly defaultStyle: Style;
  readonly footer: (page: number, pages: number) => PageNode;
  readonly content: readonly PageNode[];
};

/** What we call of pdfmake; policies say which addresses and files it may load. */
export type PageMaker = {
  setFonts(
    fonts: Readonly<Record<string, Readonly<Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>>>,
  ): void;
  setUrlAccessPolicy(mayLoad: (url: string) => boolean): void;
  setLocalAccessPolicy(mayLoad: (file: string) => boolean): void;
  createPdf(description: PageDescription): { getBuffer(): Promise<Uint8Array> };
};
