import type { CatalogueFault } from './catalogue-file-faults.js';
import { fault, isPrivate, ownerOf } from './catalogue-file-loose.js';
import type { LooseFile, LooseList } from './catalogue-file-loose.js';

/** Finds what is wrong with lists and contracts of single workspaces: two shapes at once, no market, unknown plans and terms. */
export function checkPrivateLists(file: LooseFile): readonly CatalogueFault[] {
  return file.priceLists.flatMap((list, index) => [
    ...checkShape(list, index),
    ...checkRegion(file, list, index),
    ...checkContract(file, list, index),
  ]);
}

function checkShape(list: LooseList, index: number): readonly CatalogueFault[] {
  if (list === undefined) return [];
  const { contract, workspaceId, monthlyPriceBySeat } = list;
  const path = ['priceLists', index];
  if (contract === undefined) return [];
  const twice = [
    ...(workspaceId === undefined ? [] : [fault([...path, 'workspaceId'], workspaceId, 'nothing beside a contract')]),
    ...(monthlyPriceBySeat === undefined
      ? []
      : [fault([...path, 'monthlyPriceBySeat'], monthlyPriceBySeat, 'nothing beside a contract')]),
  ];
  return twice;
}

/** The region of a private list is the market that its workspace buys in: it fixes the currency. */
function checkRegion(file: LooseFile, list: LooseList, index: number): readonly CatalogueFault[] {
  if (list?.region === undefined || ownerOf(list) === undefined) return [];
  const markets = new Set(file.priceLists.flatMap((one) => (isPrivate(one) ? [] : (one?.region ?? []))));
  if (markets.has(list.region)) return [];
  const wanted = `a region that has lists for everybody: ${[...markets].join(', ')}`;
  return [fault(['priceLists', index, 'region'], list.region, wanted)];
}

function checkContract(file: LooseFile, list: LooseList, index: number): readonly CatalogueFault[] {
  const contract = list?.contract;
  if (contract === undefined) return [];
  const path = ['priceLists', index, 'contract'];
  const plans = file.plans.flatMap((plan) => plan?.id ?? []);
  const months = file.periods.flatMap((period) => period?.months ?? []);
  const { max } = file.seats ?? {};
  return [
    ...(contract.plan === undefined || plans.includes(contract.plan)
      ? []
      : [fault([...path, 'plan'], contract.plan, `one of ${plans.join(', ')}`)]),
    ...(contract.periodMonths ?? []).flatMap((one, place) =>
      typeof one !== 'number' || months.includes(one)
        ? []
        : [fault([...path, 'periodMonths', place], one, `the months of a period: ${months.join(', ')}`)],
    ),
    ...(contract.seatsMin === undefined || max === undefined || contract.seatsMin <= max
      ? []
      : [fault([...path, 'seatsMin'], contract.seatsMin, `no more than seats.max, which is ${String(max)}`)]),
  ];
}
