import type { CivilDate } from './calendar.js';
import { invariant } from './invariant.js';
import { rational, roundHalfAwayFromZero } from './rational.js';
import { parsePercent } from './term-price.js';

/** What a tax is called, in the languages in which people are written to. */
export type TaxName = Readonly<Record<'en' | 'es' | 'pt-BR', string>>;

/** How a price list states its prices: with the tax in them, or with the tax to come on top. */
export type TaxedPrice = 'inclusive' | 'exclusive';

/**
 * How buyers of some regions are taxed from a day on. Regions are ISO 3166 country codes, or '*' for every country without rules of its own.
 * `reverse-charge`: a buyer with a tax number that looks right for his country owes the tax himself and pays the net price; any other
 * buyer is taxed as `otherwise` says, which also says how the prices are stated. `percent` is exact decimal text.
 */
export type TaxRule = { readonly id: string; readonly regions: readonly string[]; readonly validFrom: CivilDate } & (
  | { readonly kind: 'none' }
  | { readonly kind: TaxedPrice; readonly percent: string; readonly name: TaxName }
  | {
      readonly kind: 'reverse-charge';
      readonly percent: string;
      readonly name: TaxName;
      readonly otherwise: TaxedPrice;
    }
);

/** A rule as it meets one buyer. */
export type TaxToApply = {
  readonly rule: string;
  readonly kind: TaxedPrice | 'reverse-charge';
  readonly percent: string;
  readonly name: TaxName;
  readonly prices: TaxedPrice;
};

/** What was paid for something that is given back, in minor units: its price by the list, and of that what was charged and what was tax. */
export type TaxPaid = { readonly priceMinor: bigint; readonly grossMinor: bigint; readonly taxMinor: bigint };

/**
 * The tax of one line, in minor units. `priceMinor` is what the line comes to by its derivation, before any tax was looked at; the line charges
 * `netMinor` and `taxMinor` together. `as-paid`: of what is given back, in the proportions in which it was paid; its `percent` is left
 * out where it was paid under more than one rule.
 */
export type LineTax = {
  readonly name: TaxName;
  readonly priceMinor: bigint;
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
} & (
  | {
      readonly kind: TaxedPrice | 'reverse-charge';
      readonly rule: string;
      readonly percent: string;
      readonly prices: TaxedPrice;
    }
  | { readonly kind: 'as-paid'; readonly percent?: string; readonly paid: TaxPaid }
);

/** A buyer as taxes see him. `taxNumberCountry`: the country for which his tax number looks right; he is a company there. */
export type TaxBuyer = { readonly country: string; readonly taxNumberCountry?: string | null };

const EVERY_OTHER_REGION = '*';

/**
 * The rule for a country on a day: the newest of its own that is valid by then, or else the newest general one. Of two that are valid from
 * the same day the first one counts.
 */
export function taxRuleFor(rules: readonly TaxRule[], country: string, on: CivilDate): TaxRule | undefined {
  return newestOf(rules, country, on) ?? newestOf(rules, EVERY_OTHER_REGION, on);
}

/** What is applied to the prices of a buyer on a day; undefined where nothing is taxed. */
export function taxFor(rules: readonly TaxRule[], buyer: TaxBuyer, on: CivilDate): TaxToApply | undefined {
  const rule = taxRuleFor(rules, buyer.country, on);
  if (rule === undefined || rule.kind === 'none') return undefined;
  const { id, percent, name } = rule;
  if (rule.kind !== 'reverse-charge') return { rule: id, kind: rule.kind, percent, name, prices: rule.kind };
  const { otherwise: prices } = rule;
  const isCompany = buyer.taxNumberCountry === buyer.country;
  return { rule: id, kind: isCompany ? 'reverse-charge' : prices, percent, name, prices };
}

/**
 * The tax of a line that comes to `priceMinor` before tax: the net price, then the tax of it, each rounded once with halves away from zero.
 * Prices that hold the tax already are what is charged; else the tax comes on top. Under reverse charge no tax is charged, and tax that
 * the price holds is taken out of it.
 */
export function taxOf(priceMinor: bigint, tax: TaxToApply): LineTax {
  const { rule, kind, percent, name, prices } = tax;
  const rate = parsePercent(percent);
  invariant(rate !== undefined, `a tax has a percentage, found ${percent}`);
  // Of a price that holds the tax it is p / (100 + p), else p / 100.
  const whole = 100n * rate.denominator + (prices === 'inclusive' ? rate.numerator : 0n);
  const shareMinor = roundHalfAwayFromZero(rational(priceMinor * rate.numerator, whole));
  const netMinor = prices === 'inclusive' ? priceMinor - shareMinor : priceMinor;
  const taxMinor = kind === 'reverse-charge' ? 0n : shareMinor;
  return { kind, rule, name, percent, prices, priceMinor, netMinor, taxMinor };
}

/** What is known of the tax that was paid for something. */
export type PaidTax = TaxPaid & { readonly name: TaxName; readonly percent?: string };

/**
 * The tax of what is given back, whose price comes to `priceMinor`, at most what was paid. Charged amount and tax go back in the proportions
 * in which they were paid, each rounded once: so all of it gives back exactly what was paid, under whichever rules that was.
 */
export function taxOfReturn(priceMinor: bigint, { name, percent, ...paid }: PaidTax): LineTax {
  const part = (wholeMinor: bigint): bigint =>
    paid.priceMinor === 0n ? 0n : roundHalfAwayFromZero(rational(priceMinor * wholeMinor, paid.priceMinor));
  const [grossMinor, taxMinor] = [part(paid.grossMinor), part(paid.taxMinor)];
  const netMinor = grossMinor - taxMinor;
  const rate = percent === undefined ? {} : { percent };
  return { kind: 'as-paid', name, ...rate, priceMinor, netMinor, taxMinor, paid };
}

type Taxable = { readonly amountMinor: bigint; readonly tax?: LineTax };

/** Lines with their taxes: what each of them charges is its net amount and its tax. Without a tax they stay as they are. */
export function taxLines<Line extends Taxable>(lines: readonly Line[], tax: TaxToApply | undefined): readonly Line[] {
  return tax === undefined ? lines : lines.map((line) => withTax(line, taxOf(line.amountMinor, tax)));
}

/** A line that charges, or gives back, what its tax says. */
export function withTax<Line extends Taxable>(line: Line, tax: LineTax): Line {
  return { ...line, amountMinor: tax.netMinor + tax.taxMinor, tax };
}

/** The sums of net amounts and of taxes, which add up to what is charged; nothing where no line says anything of a tax. */
export function taxTotals(
  lines: readonly Taxable[],
): { readonly netMinor: bigint; readonly taxMinor: bigint } | Record<string, never> {
  if (lines.every((line) => line.tax === undefined)) return {};
  const taxMinor = lines.reduce((sum, line) => sum + (line.tax?.taxMinor ?? 0n), 0n);
  return { netMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0n) - taxMinor, taxMinor };
}

function newestOf(rules: readonly TaxRule[], region: string, on: CivilDate): TaxRule | undefined {
  return rules
    .filter((rule) => rule.validFrom <= on && rule.regions.includes(region))
    .reduce<TaxRule | undefined>(
      (newest, rule) => (newest === undefined || rule.validFrom > newest.validFrom ? rule : newest),
      undefined,
    );
}
