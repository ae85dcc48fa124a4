import type { CatalogueFault } from './catalogue-file-faults.js';
import { fault } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';

type LooseAddOn = LooseFile['addOns'][number];

/** Finds add-ons that are named like a plan, list a term twice, or raise a limit that there is not or that nobody can raise. */
export function checkAddOns(file: LooseFile): readonly CatalogueFault[] {
  return file.addOns.flatMap((addOn, index) => [
    ...checkName(file, addOn, index),
    ...checkTerms(addOn, index),
    ...checkLimit(file, addOn, index),
  ]);
}

/** Orders, quotes and price lists name what is sold by its id alone, so plans and add-ons share their names. */
function checkName(file: LooseFile, addOn: LooseAddOn, index: number): readonly CatalogueFault[] {
  const isPlan = addOn?.id !== undefined && file.plans.some((plan) => plan?.id === addOn.id);
  return isPlan ? [fault(['addOns', index, 'id'], addOn.id, 'an id that no plan has')] : [];
}

function checkTerms(addOn: LooseAddOn, index: number): readonly CatalogueFault[] {
  return (addOn?.termMonths ?? []).flatMap((months, place, all) =>
    all.indexOf(months) === place
      ? []
      : [fault(['addOns', index, 'termMonths', place], months, 'a term that is not listed yet')],
  );
}

function checkLimit(file: LooseFile, addOn: LooseAddOn, index: number): readonly CatalogueFault[] {
  const limit = addOn?.limit;
  if (limit === undefined) return [];
  const path = ['addOns', index, 'limit'];
  const known = file.limits.flatMap(({ name } = {}) => name ?? []);
  if (!known.includes(limit)) return [fault(path, limit, `one of ${known.join(', ')}`)];
  // A rule, or a way to sell, that cannot be understood is told of where it stands, and may well be one that can be raised.
  const kinds = file.plans.flatMap((plan) => (plan?.sold === 'on-request' ? [] : [kindOf(plan?.limits, limit)]));
  const isStuck = kinds.length > 0 && kinds.every((kind) => kind === 'none' || kind === 'unlimited');
  return isStuck ? [fault(path, limit, 'a limit that some self-service plan has, and not without end')] : [];
}

function kindOf(limits: Readonly<Record<string, unknown>> | undefined, limit: string): unknown {
  const rule = limits !== undefined && Object.hasOwn(limits, limit) ? limits[limit] : undefined;
  return typeof rule === 'object' && rule !== null && 'kind' in rule ? rule.kind : undefined;
}
