import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const VAT = `name: { en: VAT, es: IVA, pt-BR: IVA }`;
const RULES = `taxes:
  - { id: brazil, regions: [BR], validFrom: 2020-01-01, kind: none }
  - { id: others, regions: ['*'], validFrom: 2020-01-01, kind: none }
  - { id: mexico, regions: [MX], validFrom: 2020-01-01, kind: inclusive, percent: '16', ${VAT} }
  - { id: ireland, regions: [IE], validFrom: 2020-01-01, kind: exclusive, percent: '23', ${VAT} }
  - { id: ireland-2028, regions: [IE], validFrom: 2028-02-15, kind: exclusive, percent: '25', ${VAT} }
  - { id: germany, regions: [DE], validFrom: 2020-01-01, kind: reverse-charge, otherwise: exclusive, percent: '19', ${VAT} }
`;

/** The demo catalogue as text, with each kind of tax in another country: none, within the price, on top, and owed by companies. In Ireland it is raised in 2028. */
export const taxedCatalogueText = (): string =>
  `${readFileSync('config/catalogue.yaml', 'utf8').split(/^taxes:$/m)[0] ?? ''}${RULES}`;

/** The same as a file, for a fleet; answers its path. */
export function taxedCatalogueFile(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'taxed-')), 'catalogue.yaml');
  writeFileSync(file, taxedCatalogueText());
  return file;
}
