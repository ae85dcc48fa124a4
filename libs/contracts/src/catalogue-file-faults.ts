/** One thing that is wrong in a catalogue file: where (as a path), what stands there, what may stand there, an example. */
export type CatalogueFault = {
  readonly name: string;
  readonly found: string;
  readonly wanted: string;
  readonly example: string;
};

/** The way from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** Longest value that is repeated in a fault. */
const MAX_SHOWN = 80;

const EXAMPLES: Readonly<Record<string, string>> = {
  address: "['Rua das Flores, 100', '01310-100 São Paulo, SP']",
  addOns:
    '- { id: ai-credits-5000, name: AI credits, limit: aiCredits, amount: 5000, termMonths: [3, 6], packagesMax: 100 }',
  amount: '2500',
  cardDays: '30',
  chargeDays: '3',
  chargeHours: '[0, 24, 48, 72]',
  contract:
    '{ workspaceId: 0191b7a0-0000-7000-8000-000000000001, plan: enterprise, monthlyPrice: "38.00", seatsMin: 50 }',
  breachHours: '24',
  convention: 'day',
  country: 'BR',
  creditLimit: 'aiCredits',
  currency: 'USD',
  dataDays: '90',
  dataWarningDays: '[30, 7, 1]',
  days: '14',
  dueDays: '30',
  dunning:
    '{ chargeHours: [0, 24, 48, 72], onDecline: { soft: retry, hard: ask-for-another-method, authentication: ask-to-confirm, do-not-retry: ask-for-another-method } }',
  features: '[inbox, pipelines]',
  fromSeat: '2',
  graceDays: '3',
  id: 'base',
  included: '3',
  installments: '- { country: BR, max: 12, min: "50.00" }',
  kind: 'per-seat',
  label: 'Leads',
  legalName: 'Example Software Inc.',
  limit: 'aiCredits',
  limits: '{ kind: per-seat, amount: 2500 }',
  mailHours: '{ from: 9, to: 18 }',
  max: '12',
  min: '1',
  monthlyPriceByAddOn: '{ ai-credits-5000: "25.00" }',
  monthlyPriceBySeat: '{ base: "25.00", advanced: "35.00" }',
  months: '6',
  name: 'Base',
  numberPrefix: 'US',
  onDecline:
    '{ soft: retry, hard: ask-for-another-method, authentication: ask-to-confirm, do-not-retry: ask-for-another-method }',
  orderDays: '7',
  otherwise: 'exclusive',
  overdueDays: '30',
  packagesMax: '100',
  payMonths: '6',
  pendingOrder: '{ orderDays: 7, pixHours: 24, overdueDays: 30 }',
  percent: '"19"',
  percentOff: '"12.5"',
  periodMonths: '[12, 24]',
  perSeat: '1',
  periods: '- { months: 12, payMonths: 10 }',
  pixHours: '24',
  plan: 'enterprise',
  plans: '- { id: base, name: Base, sold: self-service, features: [inbox], limits: {} }',
  priceLists:
    '- { id: general, region: "*", currency: USD, validFrom: 2026-09-01, monthlyPriceBySeat: { base: "25.00" } }',
  proration: '{ convention: day }',
  quoteMinutes: '30',
  region: "'*'",
  regions: '[DE, FR]',
  reminderDays: '9',
  renewal:
    '{ cardDays: 30, reminderDays: 9, chargeDays: 3, graceDays: 3, dataDays: 90, dataWarningDays: [30, 7, 1], mailHours: { from: 9, to: 18 }, dunning: { chargeHours: [0, 24], onDecline: {} } }',
  resets: 'monthly',
  seatsMin: '50',
  seats: '{ min: 1, max: 10000 }',
  sellers:
    "- { id: us, legalName: Example Software Inc., taxId: { kind: EIN, value: '12-3456789' }, address: [...], country: US, region: '*', currency: USD, numberPrefix: US, timeZone: America/New_York }",
  sold: 'self-service',
  taxId: "{ kind: EIN, value: '12-3456789' }",
  taxes: '- { id: general, regions: ["*"], validFrom: 2026-01-01, kind: none }',
  termMonths: '[3, 6, 9, 12]',
  thresholdsPercent: '[75, 90, 100]',
  timeZone: 'America/New_York',
  trial: '{ days: 14, limits: {} }',
  usage: '{ thresholdsPercent: [75, 90, 100], breachHours: 24, creditLimit: aiCredits }',
  validFrom: '2026-09-01',
  version: 'version: 2026-09-01.1',
  workspaceId: '0191b7a0-0000-7000-8000-000000000001',
};

/** Examples that differ from what their last step alone would give. */
const EXAMPLES_BY_ENDING: readonly (readonly [ending: RegExp, example: string])[] = [
  [/^limits$/, '- { name: leads, label: Leads, resets: never }'],
  [/^limits\.name$/, 'leads'],
  [/^seats\.max$/, '10000'],
  [/^installments\.min$/, '"50.00"'],
  [/^priceLists\.id$/, 'general-2026-09'],
  [/^sellers\.id$/, 'us'],
  [/^sellers\.taxId\.kind$/, 'EIN'],
  [/^sellers\.taxId\.value$/, "'12-3456789'"],
  [/^taxes\.id$/, 'germany-2026'],
  [/^taxes\.kind$/, 'exclusive'],
  [/^taxes\.name$/, '{ en: VAT, es: IVA, pt-BR: IVA }'],
  [/^taxes\.name\../, 'VAT'],
  [/^addOns\.id$/, 'ai-credits-5000'],
  [/^addOns\.name$/, 'AI credits'],
  [/^addOns\.amount$/, '5000'],
  [/^priceLists\.monthlyPriceBy(Seat|AddOn)\../, '"25.00"'],
  [/^priceLists\.contract\.monthlyPrice$/, '"38.00"'],
];

/** An entry that would be right at a place, or at the nearest place above it. */
export function exampleFor(path: Path): string {
  const names = path.filter((step) => typeof step === 'string');
  const special = EXAMPLES_BY_ENDING.find(([ending]) => ending.test(names.join('.')));
  if (special !== undefined) return special[1];
  const nearest = names.findLast((step) => Object.hasOwn(EXAMPLES, step));
  return (nearest === undefined ? undefined : EXAMPLES[nearest]) ?? 'version: 2026-09-01.1';
}

/** Writes a path the way people do: plans[0].limits.leads. */
export function pathName(path: Path): string {
  if (path.length === 0) return '(file)';
  return path
    .map((step, index) => (typeof step === 'number' ? `[${String(step)}]` : index === 0 ? step : `.${step}`))
    .join('');
}

/** What stands at a path, or undefined if the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

/** Writes a found value on one short line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Functions and symbols have no JSON, whatever the library's types say.
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
