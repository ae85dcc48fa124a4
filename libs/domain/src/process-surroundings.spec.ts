import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transformFileSync } from '@swc/core';

// A process reads its time zone and locale once, when it starts; so the library is run in processes of its own.
const QUOTES = 10_000;
const PROGRAM = `
import { createHash } from 'node:crypto';
import { addDays, canonicalQuote, civilDate, decideGrant, derivationLanguages, derivationText, explainPrice } from './index.js';
import { periodsFrom, prorate, prorationConventions, quoteChange, quotePurchase } from './index.js';
import { smallCatalogue, smallSubscription, smallWish } from './small-catalogue.js';
const QUOTES = ${String(QUOTES)};
const zones = ['UTC', 'America/New_York', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
const surroundings = [new Date('2026-07-01T00:00:00Z').getTimezoneOffset(), (1234.5).toLocaleString()];
const lines = [];
for (let run = 0; run < 400; run += 1) {
  const start = addDays(civilDate('2009-01-01'), (run * 7919) % 7000);
  const end = addDays(start, 2 + ((run * 104729) % 700));
  const at = new Date(Date.parse(start + 'T00:00:00Z') + ((run * 15485863) % (500 * 86400)) * 1000);
  const term = { convention: prorationConventions[run % 4], timeZone: zones[run % zones.length], start, end };
  const priced = prorate({ term, at, currency: 'BRL', lines: [{ quantity: run, unitMinor: BigInt(run) * 9973n - 999999n }] });
  lines.push(derivationText(priced.lines[0].derivation, derivationLanguages[run % 3]));
  lines.push(periodsFrom(start, 1 + (run % 30), 3).map((period) => period.startsOn + period.endsOn).join());
}

let state = 20260923n;
const below = (bound) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) % 18446744073709551616n;
  return Number((state >> 33n) % BigInt(bound));
};
const pick = (list) => list[below(list.length)];
const plans = ['base', 'advanced', 'pro', 'big'];
const months = [6, 12];
const wishes = [
  () => ({ kind: 'upgrade', plan: pick(plans) }),
  () => ({ kind: 'add-seats', seats: 1 + below(900) }),
  () => ({ kind: 'upgrade-and-add-seats', plan: pick(plans), seats: 1 + below(900) }),
  () => ({ kind: 'extension', periodMonths: pick(months) }),
  () => ({ kind: 'renewal' }),
  () => ({ kind: 'add-on', addOn: pick(['credits', 'calls']), packages: 1 + below(20), termMonths: pick([3, 6]) }),
  () => ({ kind: 'scheduled-change', plan: pick(plans), seats: 1 + below(900), periodMonths: pick(months) }),
  () => ({ kind: 'refund', seats: 1 + below(3) }),
];
const price = () => {
  const startsOn = addDays(civilDate('2026-01-01'), below(1500));
  const now = new Date(Date.parse(startsOn + 'T00:00:00Z') + below(200 * 86400) * 1000);
  const workspace = { ...smallWish.workspace, timeZone: pick(zones) };
  const [seats, periodMonths, plan] = [1 + below(900), pick(months), pick(plans)];
  if (below(9) === 0) {
    const trialEndsOn = addDays(startsOn, below(230));
    return quotePurchase({ catalogue: smallCatalogue, workspace, plan, seats, periodMonths, now, trialEndsOn });
  }
  const terms = periodsFrom(startsOn, periodMonths, 1 + below(3)).map((term) => ({ ...term, periodMonths, paidMinor: BigInt(below(9999999)) }));
  const addOns = [{ addOn: 'credits', packages: 1 + below(9), endsOn: terms.at(-1).endsOn }];
  const held = { plan: pick(['base', 'advanced', 'pro']), seats, periodMonths, anchorOn: startsOn, terms, addOns };
  const subscription = { ...smallSubscription, priceListId: pick(['old', 'new']), ...held };
  return quoteChange({ catalogue: smallCatalogue, workspace, now, convention: pick(prorationConventions), change: pick(wishes)(), subscription });
};
const quotes = { priced: 0, hashes: [] };
while (quotes.priced < QUOTES) {
  const hash = createHash('sha256');
  for (let run = 0; run < 500; run += 1) {
    const outcome = price();
    if (outcome.kind === 'refused') {
      hash.update(JSON.stringify(outcome));
      continue;
    }
    const { quote } = outcome;
    quotes.priced += 1;
    hash.update(canonicalQuote(quote) + JSON.stringify(explainPrice(quote, derivationLanguages[run % 3])));
    const timeZone = pick(zones);
    const now = new Date(Date.parse(quote.startsOn + 'T00:00:00Z') + below(86400) * 1000);
    if (quote.kind === 'purchase') hash.update(JSON.stringify(decideGrant({ order: quote, now, timeZone, graceDays: 3 })));
  }
  quotes.hashes.push(hash.digest('hex'));
}
process.stdout.write(JSON.stringify({ surroundings, lines, quotes }));
`;

const surroundings: readonly (readonly [timeZone: string, locale: string])[] = [
  ['UTC', 'C'],
  ['America/St_Johns', 'pt_BR.UTF-8'],
  ['Pacific/Kiritimati', 'ar_EG.UTF-8'],
  ['Asia/Kathmandu', 'de_CH.UTF-8'],
];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-domain-'));
  const source = path.dirname(fileURLToPath(import.meta.url));
  const jsc = { parser: { syntax: 'typescript' }, target: 'es2022' } as const;
  const files = readdirSync(source).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const support = ['small-catalogue.ts', 'renewal-rules.ts'].map((name) =>
    path.join(source, '../../../test/support', name),
  );
  for (const file of [...files.map((name) => path.join(source, name)), ...support]) {
    const { code } = transformFileSync(file, { swcrc: false, jsc, module: { type: 'es6' } });
    const written = path.join(folder, path.basename(file).replace(/\.ts$/, '.js'));
    writeFileSync(
      written,
      code.replaceAll(`'@billfleet/domain'`, `'./index.js'`).replaceAll(`"@billfleet/domain"`, `'./index.js'`),
    );
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'program.js'), PROGRAM);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Output = {
  readonly surroundings: readonly unknown[];
  readonly lines: readonly string[];
  readonly quotes: { readonly priced: number; readonly hashes: readonly string[] };
};

async function runIn([timeZone, locale]: readonly [string, string]): Promise<Output> {
  const env = { PATH: process.env['PATH'], TZ: timeZone, LANG: locale, LC_ALL: locale };
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, 'program.js')], { env });
  return JSON.parse(stdout) as Output;
}

test('quotes, amounts, periods and sentences are the same in any time zone and locale of the process', async () => {
  const [reference, ...others] = await Promise.all(surroundings.map(runIn));
  expect(reference?.lines).toHaveLength(800);
  expect(reference?.quotes.priced).toBeGreaterThanOrEqual(QUOTES);
  for (const other of others) {
    expect(other.lines).toEqual(reference?.lines);
    expect(other.quotes).toEqual(reference?.quotes);
  }
  const offsets = new Set([reference, ...others].map((one) => one?.surroundings[0]));
  expect(offsets.size).toBe(surroundings.length);
}, 60_000);
