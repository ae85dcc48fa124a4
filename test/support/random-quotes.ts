import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson, parseCatalogue } from '@billfleet/contracts';
import { addDays, civilDate, installmentOptions, periodsFrom, quoteChange, quotePurchase } from '@billfleet/domain';
import type { Catalogue, ChangeRequest, PaidTerm, PricedChange, PricedQuote, QuoteWorkspace } from '@billfleet/domain';
import { prorationConventions } from '@billfleet/domain';
import fc from 'fast-check';

/** A JSON document, as the API answers it. */
export type JsonFields = Record<string, unknown>;

/** The demo catalogue. */
export function demoCatalogue(): Catalogue {
  const parsed = parseCatalogue(readFileSync('config/catalogue.yaml', 'utf8'));
  if (parsed.kind === 'valid') return parsed.catalogue;
  throw new Error(JSON.stringify(parsed.faults));
}

/** A quote as the API answers it: hashed, with its instalments, amounts as text. */
export function asAnswered(
  quote: PricedQuote | PricedChange,
  workspace: QuoteWorkspace,
  catalogue: Catalogue,
): JsonFields {
  const content = canonicalJson(quote);
  const { amountMinor, currency, periodMonths } = quote;
  const { country } = workspace;
  const { installments: rules } = catalogue;
  const installments = installmentOptions({ country, method: 'card', amountMinor, currency, periodMonths, rules });
  return {
    id: '0190a000-0000-7000-8000-000000000001',
    workspaceId: '0190a000-0000-7000-8000-000000000002',
    ...(JSON.parse(content) as JsonFields),
    installments: JSON.parse(canonicalJson(installments)) as unknown,
    hash: createHash('sha256').update(content).digest('hex'),
    expiresAt: '2026-11-23T12:30:00.000Z',
  };
}

const workspaces: readonly QuoteWorkspace[] = [
  { country: 'US', currency: 'USD', timeZone: 'America/New_York' },
  { country: 'US', currency: 'USD', timeZone: 'Pacific/Kiritimati' },
  { country: 'BR', currency: 'BRL', timeZone: 'America/Sao_Paulo' },
];

const changeKinds: readonly ChangeRequest['kind'][] = [
  'upgrade',
  'add-seats',
  'upgrade-and-add-seats',
  'extension',
  'renewal',
];

const draw = fc.record({
  kind: fc.constantFrom('purchase', ...changeKinds),
  workspace: fc.constantFrom(...workspaces),
  plan: fc.constantFrom('base', 'advanced', 'pro'),
  wanted: fc.constantFrom('advanced', 'pro'),
  seats: fc.integer({ min: 1, max: 4_000 }),
  added: fc.integer({ min: 1, max: 4_000 }),
  period: fc.constantFrom(6, 9, 12, 24),
  nextPeriod: fc.constantFrom(6, 9, 12, 24),
  terms: fc.integer({ min: 1, max: 4 }),
  startsIn: fc.integer({ min: 0, max: 500 }),
  secondsIn: fc.integer({ min: 0, max: 200 * 86_400 }),
  convention: fc.constantFrom(...prorationConventions),
});

type Draw = typeof draw extends fc.Arbitrary<infer Value> ? Value : never;

/** Quotes of every kind, period and convention that the demo catalogue can price, as the API answers them. */
export function randomQuotes(catalogue: Catalogue): fc.Arbitrary<JsonFields> {
  return draw
    .map((one) => ({ one, outcome: price(one, catalogue) }))
    .filter(({ outcome }) => outcome.kind === 'quoted')
    .map(({ one, outcome }) => {
      if (outcome.kind === 'refused') throw new Error('refused ones are filtered out');
      return asAnswered(outcome.quote, one.workspace, catalogue);
    });
}

function price(one: Draw, catalogue: Catalogue): ReturnType<typeof quotePurchase> | ReturnType<typeof quoteChange> {
  const { kind, workspace, plan, seats, period } = one;
  const startsOn = addDays(civilDate('2026-07-01'), one.startsIn);
  const now = new Date(Date.parse(`${startsOn}T12:00:00Z`) + one.secondsIn * 1_000);
  if (kind === 'purchase') return quotePurchase({ catalogue, workspace, plan, seats, periodMonths: period, now });
  const [first, ...others]: readonly PaidTerm[] = periodsFrom(startsOn, period, one.terms).map((term) => ({
    ...term,
    periodMonths: period,
  }));
  if (first === undefined) throw new Error('there is at least one term');
  return quoteChange({
    catalogue,
    workspace,
    now,
    convention: one.convention,
    change: changeOf(kind, one),
    subscription: {
      ...{ plan, seats, periodMonths: one.nextPeriod, anchorOn: startsOn },
      ...{ terms: [first, ...others], autoRenewal: kind === 'renewal' },
    },
  });
}

function changeOf(kind: ChangeRequest['kind'], { wanted, added, period }: Draw): ChangeRequest {
  switch (kind) {
    case 'upgrade':
      return { kind, plan: wanted };
    case 'add-seats':
      return { kind, seats: added };
    case 'upgrade-and-add-seats':
      return { kind, plan: wanted, seats: added };
    case 'extension':
      return { kind, periodMonths: period };
    case 'renewal':
      return { kind };
  }
}
