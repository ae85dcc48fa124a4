import { EVERY_OTHER_REGION } from '@billfleet/domain';
import { checkAddOns } from './catalogue-file-add-ons.js';
import type { CatalogueFault, Path } from './catalogue-file-faults.js';
import { fault, isPrivate, looseFile, ownerOf } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';
import { checkPrices } from './catalogue-file-prices.js';
import { checkPrivateLists } from './catalogue-file-private-lists.js';
import { checkRenewal } from './catalogue-file-renewal.js';
import { checkSellers } from './catalogue-file-sellers.js';
import { checkTaxes } from './catalogue-file-taxes.js';
import { checkUsage } from './catalogue-file-usage.js';

/** Finds what is wrong between the entries of a catalogue file: doubles, names without an owner, gaps, impossible prices. */
export function crossCheck(root: unknown): readonly CatalogueFault[] {
  const read = looseFile.safeParse(root);
  if (!read.success) return [];
  const file = read.data;
  return [
    ...checkDoubles(file),
    ...checkNumbers(file),
    ...checkRenewal(file),
    ...checkLimits(file),
    ...checkUsage(file),
    ...checkRegions(file),
    ...checkSellers(file),
    ...checkAddOns(file),
    ...checkPrivateLists(file),
    ...checkPrices(file),
    ...checkTaxes(file),
  ];
}

function checkDoubles(file: LooseFile): readonly CatalogueFault[] {
  const listKey = (list: LooseFile['priceLists'][number]) =>
    isPrivate(list) || list?.region === undefined || list.currency === undefined || list.validFrom === undefined
      ? undefined
      : `${list.region} ${list.currency} ${list.validFrom}`;
  const privateKey = (list: LooseFile['priceLists'][number]) => {
    const owner = ownerOf(list);
    return owner === undefined || list?.validFrom === undefined ? undefined : `${owner} ${list.validFrom}`;
  };
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
      'priceLists',
      'validFrom',
      file.priceLists.map(privateKey),
      'a day that no other private list of the workspace has',
    ),
    ...doubles(
      'installments',
      'country',
      file.installments.map((rule) => rule?.country),
    ),
    ...(['id', 'region', 'numberPrefix'] as const).flatMap((field) =>
      doubles(
        'sellers',
        field,
        file.sellers.map((seller) => seller?.[field]),
      ),
    ),
    ...doubles(
      'addOns',
      'id',
      file.addOns.map((addOn) => addOn?.id),
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
  const periodFaults = file.periods.flatMap((period, index) => {
    if (period?.months === undefined) return [];
    const { months, payMonths, percentOff } = period;
    const path = ['periods', index, 'payMonths'];
    if (payMonths !== undefined && percentOff !== undefined) {
      return [fault(path, payMonths, 'either payMonths or percentOff, not both')];
    }
    if (payMonths === undefined || payMonths <= months) return [];
    return [fault(path, payMonths, `no more than its ${String(months)} months`)];
  });
  return [...seatFaults, ...periodFaults];
}

/** Finds limits without a rule, and rules of limits that there are not. */
export function checkLimits(file: LooseFile): readonly CatalogueFault[] {
  const known = file.limits.flatMap((limit) => limit?.name ?? []);
  const stray = (path: Path, limits: Readonly<Record<string, unknown>>) =>
    Object.keys(limits)
      .filter((limitName) => !known.includes(limitName))
      .map((limitName) => fault([...path, limitName], limits[limitName], `one of ${known.join(', ')}`));
  const compare = (path: Path, limits: Readonly<Record<string, unknown>> | undefined) => {
    if (limits === undefined) return [];
    const missing = known.filter((limitName) => !Object.hasOwn(limits, limitName));
    return [
      ...missing.map((limitName) => fault([...path, limitName], undefined, 'a rule for each entry of limits')),
      ...stray(path, limits),
    ];
  };
  return [
    ...file.plans.flatMap((plan, index) => compare(['plans', index, 'limits'], plan?.limits)),
    ...compare(['trial', 'limits'], file.trial?.limits),
    ...file.priceLists.flatMap((list, index) =>
      stray(['priceLists', index, 'contract', 'limits'], list?.contract?.limits ?? {}),
    ),
  ];
}

function checkRegions(file: LooseFile): readonly CatalogueFault[] {
  const open = file.priceLists.filter((list) => !isPrivate(list));
  const regions = open.map((list) => list?.region);
  const general =
    regions.length > 0 && !regions.includes(EVERY_OTHER_REGION)
      ? [fault(['priceLists'], regions.join(', '), `at least one list of the region '${EVERY_OTHER_REGION}'`)]
      : [];
  const mixed = file.priceLists.flatMap((list, index) => {
    const first = open.find((other) => other?.region !== undefined && other.region === list?.region);
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
