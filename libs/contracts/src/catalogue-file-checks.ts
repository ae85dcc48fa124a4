import { EVERY_OTHER_REGION, isCurrency, parseDecimal } from '@billfleet/domain';
import { z } from 'zod';
import { exampleFor, pathName, show } from './catalogue-file-faults.js';
import type { CatalogueFault, Path } from './catalogue-file-faults.js';

// What stands between entries has to be checked even while single entries are wrong, so that all faults come at once. So
// this reads the file a second time, through a shape that takes anything and leaves out what it does not understand.
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const mapping = z.record(z.string(), z.unknown()).optional().catch(undefined);
const entries = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.array(z.object(shape).optional().catch(undefined)).catch([]);

const looseFile = z.object({
  seats: z.object({ min: number, max: number }).optional().catch(undefined),
  periods: entries({ months: number, payMonths: number }),
  limits: entries({ name: text }),
  plans: entries({ id: text, sold: text, limits: mapping }),
  trial: z.object({ limits: mapping }).optional().catch(undefined),
  priceLists: entries({ id: text, region: text, currency: text, validFrom: text, monthlyPriceBySeat: mapping }),
  installments: entries({ country: text, min: text }),
  creditPackages: entries({ id: text, termMonths: z.array(z.unknown()).catch([]), monthlyPrice: mapping }),
});

type LooseFile = z.output<typeof looseFile>;

/** Finds what is wrong between the entries of a catalogue file: doubles, names without an owner, gaps, impossible prices. */
export function crossCheck(root: unknown): readonly CatalogueFault[] {
  const read = looseFile.safeParse(root);
  if (!read.success) return [];
  const file = read.data;
  return [
    ...checkDoubles(file),
    ...checkNumbers(file),
    ...checkLimits(file),
    ...checkRegions(file),
    ...checkPlanPrices(file),
    ...checkOtherPrices(file),
  ];
}

function fault(path: Path, found: unknown, wanted: string): CatalogueFault {
  return { name: pathName(path), found: show(found), wanted, example: exampleFor(path) };
}

function checkDoubles(file: LooseFile): readonly CatalogueFault[] {
  const listKey = (list: LooseFile['priceLists'][number]) =>
    list?.region === undefined || list.currency === undefined || list.validFrom === undefined
      ? undefined
      : `${list.region} ${list.currency} ${list.validFrom}`;
  return [
    ...doubles(
      'plans',
      'id',
      file.plans.map((plan) => plan?.id),
    ),
    ...doubles(
      'limits',
      'name',
      file.limits.map((limit) => limit?.name),
    ),
    ...doubles(
      'periods',
      'months',
      file.periods.map((period) => period?.months),
    ),
    ...doubles(
      'priceLists',
      'id',
      file.priceLists.map((list) => list?.id),
    ),
    ...doubles('priceLists', 'validFrom', file.priceLists.map(listKey), 'a day that no other list of the region has'),
    ...doubles(
      'installments',
      'country',
      file.installments.map((rule) => rule?.country),
    ),
    ...doubles(
      'creditPackages',
      'id',
      file.creditPackages.map((creditPackage) => creditPackage?.id),
    ),
    ...file.creditPackages.flatMap((creditPackage, index) =>
      (creditPackage?.termMonths ?? []).flatMap((months, place, all) =>
        all.indexOf(months) === place
          ? []
          : [fault(['creditPackages', index, 'termMonths', place], months, 'a term that is not listed yet')],
      ),
    ),
  ];
}

function doubles(
  list: string,
  field: string,
  keys: readonly (string | number | undefined)[],
  wanted = 'one that no other entry has',
): readonly CatalogueFault[] {
  return keys.flatMap((key, index) =>
    key === undefined || keys.indexOf(key) === index ? [] : [fault([list, index, field], key, wanted)],
  );
}

function checkNumbers(file: LooseFile): readonly CatalogueFault[] {
  const { min, max } = file.seats ?? {};
  const seatFaults =
    min !== undefined && max !== undefined && min > max
      ? [fault(['seats', 'max'], max, `no less than seats.min, which is ${String(min)}`)]
      : [];
  const periodFaults = file.periods.flatMap((period, index) =>
    period?.months !== undefined && period.payMonths !== undefined && period.payMonths > period.months
      ? [fault(['periods', index, 'payMonths'], period.payMonths, `no more than its ${String(period.months)} months`)]
      : [],
  );
  return [...seatFaults, ...periodFaults];
}

function checkLimits(file: LooseFile): readonly CatalogueFault[] {
  const known = file.limits.flatMap((limit) => limit?.name ?? []);
  const compare = (path: Path, limits: Readonly<Record<string, unknown>> | undefined) => {
    if (limits === undefined) return [];
    const missing = known.filter((limitName) => !Object.hasOwn(limits, limitName));
    const unknown = Object.keys(limits).filter((limitName) => !known.includes(limitName));
    return [
      ...missing.map((limitName) => fault([...path, limitName], undefined, 'a rule for each entry of limits')),
      ...unknown.map((limitName) => fault([...path, limitName], limits[limitName], `one of ${known.join(', ')}`)),
    ];
  };
  return [
    ...file.plans.flatMap((plan, index) => compare(['plans', index, 'limits'], plan?.limits)),
    ...compare(['trial', 'limits'], file.trial?.limits),
  ];
}

function checkRegions(file: LooseFile): readonly CatalogueFault[] {
  const regions = file.priceLists.map((list) => list?.region);
  const general =
    regions.length > 0 && !regions.includes(EVERY_OTHER_REGION)
      ? [fault(['priceLists'], regions.join(', '), `at least one list of the region '${EVERY_OTHER_REGION}'`)]
      : [];
  const mixed = file.priceLists.flatMap((list, index) => {
    const first = file.priceLists.find((other) => other?.region !== undefined && other.region === list?.region);
    if (first?.currency === undefined || list?.currency === undefined || first.currency === list.currency) return [];
    return [
      fault(['priceLists', index, 'currency'], list.currency, `${first.currency}, as in the region's other lists`),
    ];
  });
  const homeless = file.installments.flatMap((rule, index) =>
    rule?.country === undefined || regions.includes(rule.country)
      ? []
      : [fault(['installments', index, 'country'], rule.country, 'a country with a price list of its own')],
  );
  return [...general, ...mixed, ...homeless];
}

function checkPlanPrices(file: LooseFile): readonly CatalogueFault[] {
  const known = file.plans.flatMap((plan) => plan?.id ?? []);
  const idsSold = (sold: string) => file.plans.flatMap((plan) => (plan?.sold === sold ? (plan.id ?? []) : []));
  const onRequest = idsSold('on-request');
  return file.priceLists.flatMap((list, index) => {
    const prices = list?.monthlyPriceBySeat;
    if (prices === undefined) return [];
    const path = ['priceLists', index, 'monthlyPriceBySeat'];
    const missing = idsSold('self-service').filter((plan) => !Object.hasOwn(prices, plan));
    const stray = Object.keys(prices).filter((plan) => !known.includes(plan) || onRequest.includes(plan));
    return [
      ...missing.map((plan) => fault([...path, plan], undefined, 'a price for each self-service plan')),
      ...stray.map((plan) => fault([...path, plan], prices[plan], 'the id of a self-service plan')),
      ...Object.entries(prices).flatMap(([plan, price]) => checkPrice([...path, plan], price, list?.currency)),
    ];
  });
}

function checkOtherPrices(file: LooseFile): readonly CatalogueFault[] {
  const sold = [...new Set(file.priceLists.flatMap((list) => list?.currency ?? []))].filter(isCurrency);
  const packageFaults = file.creditPackages.flatMap((creditPackage, index) => {
    const prices = creditPackage?.monthlyPrice;
    if (prices === undefined) return [];
    const path = ['creditPackages', index, 'monthlyPrice'];
    const missing = sold.filter((code) => !Object.hasOwn(prices, code));
    return [
      ...missing.map((code) => fault([...path, code], undefined, 'a price for each currency of the price lists')),
      ...Object.entries(prices).flatMap(([code, price]) =>
        isCurrency(code)
          ? checkPrice([...path, code], price, code)
          : [fault([...path, code], price, `a currency: ${sold.join(', ')}`)],
      ),
    ];
  });
  const minimumFaults = file.installments.flatMap((rule, index) => {
    const currency = file.priceLists.find((list) => list?.region === rule?.country)?.currency;
    return rule === undefined ? [] : checkPrice(['installments', index, 'min'], rule.min, currency);
  });
  return [...packageFaults, ...minimumFaults];
}

/** Only what is a text in a known currency: anything else is told of where the shape is checked. */
function checkPrice(path: Path, price: unknown, currency: string | undefined): readonly CatalogueFault[] {
  if (typeof price !== 'string' || currency === undefined || !isCurrency(currency)) return [];
  const parsed = parseDecimal(price, currency);
  if (parsed !== undefined && parsed.amountMinor > 0n) return [];
  return [fault(path, price, `a positive decimal text with the decimal places of ${currency}`)];
}
