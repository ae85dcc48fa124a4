import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Catalogue } from '@billfleet/domain';
import { checkoutRoot } from './checkout.js';
import { engines } from './engines.js';
import { exitCodes } from './exit-codes.js';
import { impactEngine } from './impact-engine.js';
import { openStore } from './open-store.js';
import { buildProgram } from './program.js';
import { readCatalogue } from './read-catalogue.js';

const present = path.join(checkoutRoot(), 'config/catalogue.yaml');
const databaseUrl = process.env['DATABASE_URL'] ?? '';
const idOf = (digit: number): string => `0191b7a0-0000-7000-8000-00000000000${String(digit)}`;
const folder = mkdtempSync(path.join(tmpdir(), 'billfleet-catalog-'));

const NEWER_LIST = `
  - id: general-2026-12
    region: '*'
    currency: USD
    validFrom: 2026-12-01
    monthlyPriceBySeat: { base: '29.00', advanced: '39.00', pro: '49.00' }
    monthlyPriceByAddOn: { ai-credits-5000: '25.00', ai-credits-15000: '65.00', ai-credits-50000: '190.00', chats-api-5000: '15.00' }
  - id: contract-2026-12
    region: '*'
    currency: USD
    validFrom: 2026-12-01
    contract: { workspaceId: ${idOf(3)}, plan: advanced, monthlyPrice: '30.00', seatsMin: 2 }
`;

/** A file that differs from the present one by what `change` makes of it. */
function newFile(name: string, change: (text: string) => string): string {
  const file = path.join(folder, name);
  writeFileSync(file, change(readFileSync(present, 'utf8')));
  return file;
}

const raised = newFile('raised.yaml', (text) => text.replace('\npriceLists:\n', `\npriceLists:${NEWER_LIST}`));
const lacking = newFile('lacking.yaml', (text) => text.replace('id: general-2026-09', 'id: renamed'));

/** country, plan, seats, months, list, status */
const held = [
  ['US', 'base', 2, 12, 'general-2026-09', 'active'],
  ['BR', 'pro', 1, 6, 'brazil-2026-09', 'active'],
  ['US', 'advanced', 3, 24, 'general-before-2026-09', 'active'],
  ['US', 'base', 9, 12, 'general-2026-09', 'expired'],
  ['US', 'pro', 5, 6, 'general-2026-09', 'active'],
] as const;

beforeAll(async () => {
  const { source, close } = await openStore(databaseUrl);
  for (const [index, [country, plan, seats, months, list, status]] of held.entries()) {
    const id = idOf(index + 1);
    const currency = country === 'BR' ? 'BRL' : 'USD';
    await source.query(
      `insert into workspace (id, name, country, currency, time_zone, locale) values ($1, 'Test', $2, $3, 'UTC', 'en')`,
      [id, country, currency],
    );
    await source.query(
      `insert into subscription (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits)
       values ($1, $1, $2, $3, $4, $5, $6, '2026-10-01', '2026-10-01', '2027-04-01', true, '{}')`,
      [id, status, plan, seats, months, list],
    );
  }
  await close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function valid(file: string): Catalogue {
  const outcome = readCatalogue(file);
  if (outcome.kind === 'faulty') throw new Error(JSON.stringify(outcome.faults));
  return outcome.catalogue;
}

/** Runs a command line in this process and answers what it wrote and how it ended. */
async function run(...args: readonly string[]): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      written[stream] += String(chunk);
      return true;
    }),
  );
  process.exitCode = undefined;
  try {
    await buildProgram(engines, '0.0.0').parseAsync(['node', 'billfleet', 'catalog', ...args]);
    return { exitCode: process.exitCode, ...written };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

describe('catalog impact', () => {
  test('reads every active subscription once, in pages, by id', async () => {
    const catalogues = { present: valid(present), next: valid(raised) };
    const pages: string[][] = [];
    for await (const page of impactEngine(databaseUrl, catalogues, 2)) pages.push(page.map((one) => one.workspaceId));
    expect(pages).toEqual([
      [idOf(1), idOf(2)],
      [idOf(3), idOf(5)],
    ]);
  });

  test('tells what each renewal costs now and under the new list, with totals, as JSON', async () => {
    const { exitCode, stdout } = await run('impact', '--json', raised);
    const told = JSON.parse(stdout) as { renewals: unknown[]; totals: unknown[]; faults: unknown[]; ok: boolean };
    expect(told).toMatchObject({ ok: true, faults: [] });
    expect(told.renewals).toMatchObject([
      // 2 × 25.00 × 10 = 500.00, then 2 × 29.00 × 10 = 580.00
      { presentMinor: '50000', keptMinor: '50000', offered: { priceList: 'general-2026-12', amountMinor: '58000' } },
      { presentMinor: '140400', offered: { priceList: 'brazil-2026-09', differenceMinor: '0' } },
      // 3 × 25.00 × 18 = 1350.00 under the old list, 3 × 30.00 × 18 = 1620.00 under the contract
      { presentMinor: '135000', offered: { priceList: 'contract-2026-12', amountMinor: '162000' } },
      { presentMinor: '135000', offered: { amountMinor: '147000', differenceMinor: '12000' } },
    ]);
    expect(told.totals).toEqual([
      {
        ...{ currency: 'USD', subscriptions: 3, compared: 3, faults: 0 },
        ...{ presentMinor: '320000', newMinor: '367000', differenceMinor: '47000' },
        charged: { presentMinor: '320000', keptMinor: '320000', differenceMinor: '0' },
      },
      {
        ...{ currency: 'BRL', subscriptions: 1, compared: 1, faults: 0 },
        ...{ presentMinor: '140400', newMinor: '140400', differenceMinor: '0' },
        charged: { presentMinor: '140400', keptMinor: '140400', differenceMinor: '0' },
      },
    ]);
    expect(exitCode).toBe(exitCodes.ok);
  });

  test('a new tax is told beside prices that stay', async () => {
    const taxing = newFile('taxing.yaml', (text) =>
      text.replace(
        /^taxes:$/m,
        `taxes:\n  - { id: us-2027, regions: [US], validFrom: 2027-01-01, kind: exclusive, percent: '10', name: { en: Tax, es: Impuesto, pt-BR: Imposto } }`,
      ),
    );
    const { exitCode, stdout } = await run('impact', taxing);
    // 500.00 now, and 50.00 of tax on top from 2027 on
    expect(stdout).toMatch(/no change .* 500\.00 \(tax 0\.00\) +550\.00 \(tax 50\.00\)/);
    expect(stdout).toMatch(/^USD .* 3200\.00 +3520\.00 +\+320\.00 +0$/m);
    expect(exitCode).toBe(exitCodes.ok);
  });

  test('a list in use that the new file lacks is a fault with its workspaces', async () => {
    const { exitCode, stdout, stderr } = await run('impact', lacking);
    expect(exitCode).toBe(exitCodes.violations);
    expect(stderr).toBe(
      `general-2026-09: the new file lacks this list in their currency; 2 running subscriptions: ${idOf(1)}, ${idOf(5)}\n`,
    );
    expect(stdout).toMatch(/USD +3 +3 /);
  });
});

describe('catalog check and diff', () => {
  test('check ends with 78 and all faults, or with a summary', async () => {
    const faulty = newFile('faulty.yaml', (text) =>
      text.replace('payMonths: 8', "percentOff: '0'").replace('\n    currency: USD', '\n    currency: EUR'),
    );
    const refused = await run('check', '--json', faulty);
    expect(refused.exitCode).toBe(exitCodes.configuration);
    const names = (JSON.parse(refused.stdout) as { faults: { name: string }[] }).faults.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['periods[1].percentOff', 'priceLists[0].currency']));
    const sound = await run('check', raised);
    expect(sound).toMatchObject({ exitCode: exitCodes.ok, stderr: '' });
    expect(sound.stdout).toContain('5 price lists for everybody, 1 for one workspace, 4 add-ons');
  });

  test('diff tells prices with old, new and percentage', async () => {
    const dearer = newFile('dearer.yaml', (text) => text.replace("base: '15.00'", "base: '18.00'"));
    const { stdout } = await run('diff', '--json', present, dearer);
    expect((JSON.parse(stdout) as { changes: unknown[] }).changes).toEqual([
      {
        ...{ section: 'priceLists', what: 'general-before-2026-09 base', kind: 'changed' },
        ...{ from: '15.00 USD', to: '18.00 USD', percent: '+20.00' },
      },
    ]);
    expect((await run('diff', present, present)).stdout).toBe('no difference\n');
  });
});
