import { readFileSync, writeFileSync } from 'node:fs';
import type { DocumentFault, DocumentsVerified, SeriesHead } from '@billfleet/billing';
import { uuid } from '@billfleet/contracts';
import type { DocumentLanguage } from '@billfleet/outbound';
import type { Config } from '@billfleet/platform';
import type { DocumentFilter, DocumentRow } from '@billfleet/store';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';
import { wholeNumber } from './whole-number.js';

/** Heads of series as an earlier look printed them. */
export type KeptHeads = readonly Pick<SeriesHead, 'seller' | 'kind' | 'year' | 'mode' | 'lastSeq' | 'lastHash'>[];

/** Reads invoices and credit notes, and proves that nobody has touched them. */
export type InvoicesEngine = (config: Config) => Promise<{
  list(filter: DocumentFilter): Promise<readonly DocumentRow[]>;
  show(idOrNumber: string): Promise<DocumentRow | undefined>;
  /** Undefined for an unknown document. */
  draw(idOrNumber: string, language: DocumentLanguage | undefined): Promise<Uint8Array | undefined>;
  verify(against: KeptHeads): Promise<DocumentsVerified>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<InvoicesEngine>;

const NEEDS = ['DATABASE_URL'] as const;
const LIMIT_MAX = 10_000;
/** Written out, since drawing is loaded only when something is drawn. */
const languages: readonly DocumentLanguage[] = ['en', 'es', 'pt-BR'];

/** `billfleet invoices`: what was issued, and the proof that it still is as it was issued. */
export function invoicesCommand(loadEngine: LoadEngine): Command {
  return new Command('invoices')
    .description('list invoices and credit notes, show one, or prove that none was changed, removed or inserted')
    .addHelpText(
      'before',
      'Examples:\n  billfleet invoices list --order 0190a000-0000-7000-8000-000000000001\n  billfleet invoices show US-2026-000017\n' +
        '  billfleet invoices pdf US-2026-000017 --output invoice.pdf\n' +
        '  billfleet invoices verify --json > heads.json\n  billfleet invoices verify --against heads.json\n',
    )
    .addCommand(listCommand(loadEngine))
    .addCommand(showCommand(loadEngine))
    .addCommand(pdfCommand(loadEngine))
    .addCommand(verifyCommand(loadEngine));
}

type Narrowing = { workspace?: string; order?: string; limit: number; json?: boolean };

function listCommand(loadEngine: LoadEngine): Command {
  return new Command('list')
    .description('list invoices and credit notes, newest first')
    .option('--workspace <id>', 'only those of this workspace')
    .option('--order <id>', 'only those of this order')
    .option('--limit <count>', 'at most so many', wholeNumber(1, LIMIT_MAX), 100)
    .option('--json', 'print them as JSON')
    .action(async ({ workspace, order, limit, json }: Narrowing) => {
      const filter = { workspaceId: checkedId(workspace), orderId: checkedId(order), limit };
      const found = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list(filter));
      if (json === true) printJson(found.map(readable));
      else print(asTable(found));
    });
}

function showCommand(loadEngine: LoadEngine): Command {
  return new Command('show')
    .description('show what an invoice or a credit note says')
    .argument('<number>', 'its number, or its id')
    .option('--json', 'print it as JSON')
    .action(async (number: string, { json }: { json?: boolean }) => {
      const found = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.show(number));
      if (found === undefined) throw new CommandError(exitCodes.violations, `there is no document ${number}`);
      if (json === true) printJson(readable(found));
      else print(`${asTable([found])}\n\n${JSON.stringify(JSON.parse(found.content), null, 2)}\n\nhash ${found.hash}`);
    });
}

function pdfCommand(loadEngine: LoadEngine): Command {
  return new Command('pdf')
    .description('write an invoice or a credit note as PDF')
    .argument('<number>', 'its number, or its id')
    .addOption(new Option('--language <language>', 'without it that of the buyer').choices(languages))
    .requiredOption('--output <file>', 'where to write it')
    .action(async (number: string, { language, output }: { language?: DocumentLanguage; output: string }) => {
      const pdf = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.draw(number, language));
      if (pdf === undefined) throw new CommandError(exitCodes.violations, `there is no document ${number}`);
      writeFileSync(output, pdf);
      print(`${output}: ${String(pdf.length)} bytes`);
    });
}

function verifyCommand(loadEngine: LoadEngine): Command {
  return new Command('verify')
    .description('prove that no invoice or credit note was changed, removed or inserted')
    .option('--against <file>', 'the output of an earlier `verify --json`: what was there must still be there')
    .option('--json', 'print the proof as JSON: keep it for --against')
    .action(async ({ against, json }: { against?: string; json?: boolean }) => {
      const kept = against === undefined ? [] : readHeads(against);
      const found = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.verify(kept));
      if (json === true) printJson({ ok: found.faultCount === 0, ...found });
      else print(asProof(found));
      process.exitCode = found.faultCount === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

const headsShape = z.object({
  series: z.array(
    z.object({
      ...{ seller: z.string(), kind: z.enum(['invoice', 'credit_note']), year: z.int() },
      ...{ mode: z.enum(['live', 'test']), lastSeq: z.int(), lastHash: z.string() },
    }),
  ),
});

function readHeads(file: string): KeptHeads {
  try {
    return headsShape.parse(JSON.parse(readFileSync(file, 'utf8'))).series;
  } catch {
    throw new CommandError(
      exitCodes.usage,
      `--against ${file}: the output of billfleet invoices verify --json is wanted`,
    );
  }
}

function checkedId(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const checked = uuid.safeParse(id);
  if (!checked.success) throw new CommandError(exitCodes.usage, `${id} is no id`);
  return checked.data;
}

/** What it says as data instead of as the text that was hashed. */
const readable = ({ content, ...row }: DocumentRow) => ({ ...row, content: JSON.parse(content) as unknown });

const asTable = (found: readonly DocumentRow[]): string =>
  table(
    ['NUMBER', 'KIND', 'ISSUED', 'AMOUNT (MINOR)', 'TAX (MINOR)', 'CURRENCY', 'ORDER', 'ID'],
    found.map(({ number, kind, issuedAt, amountMinor, taxMinor, currency, orderId, id }) => [
      ...[number, kind, issuedAt.toISOString(), amountMinor, taxMinor, currency, orderId, id],
    ]),
  );

function asProof({ documents, series, faultCount, faults }: DocumentsVerified): string {
  const heads = series.map(({ seller, kind, year, mode, documents: count, lastHash }) => [
    ...[seller, kind, String(year), mode, String(count), lastHash],
  ]);
  const found = faults.map(({ code, document, found: stands, wanted }: DocumentFault) => [
    code,
    document,
    stands,
    wanted,
  ]);
  return [
    table(['SELLER', 'KIND', 'YEAR', 'MODE', 'DOCUMENTS', 'LAST HASH'], heads),
    ...(found.length === 0 ? [] : [table(['FAULT', 'WHERE', 'FOUND', 'WANTED'], found)]),
    `${String(documents)} documents, ${String(faultCount)} faults`,
  ].join('\n\n');
}
