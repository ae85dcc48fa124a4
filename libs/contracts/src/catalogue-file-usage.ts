import type { CatalogueFault } from './catalogue-file-faults.js';
import { fault } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';

/** Finds thresholds that do not rise to 100 %, and credits whose limit there is not, or which never begins anew. */
export function checkUsage({ usage, limits }: LooseFile): readonly CatalogueFault[] {
  if (usage === undefined) return [];
  const { thresholdsPercent, creditLimit } = usage;
  const path = ['usage', 'thresholdsPercent'];
  const falling = thresholdsPercent.flatMap((percent, index, all) => {
    const before = all[index - 1];
    return percent === undefined || before === undefined || percent > before
      ? []
      : [fault([...path, index], percent, `more than the ${String(before)} before it`)];
  });
  const last = thresholdsPercent.at(-1);
  const unended =
    last === undefined || last === 100
      ? []
      : [fault([...path, thresholdsPercent.length - 1], last, '100, at which the limit is reached')];
  return [...falling, ...unended, ...checkCreditLimit(creditLimit, limits)];
}

function checkCreditLimit(creditLimit: string | undefined, limits: LooseFile['limits']): readonly CatalogueFault[] {
  if (creditLimit === undefined) return [];
  const monthly = limits.flatMap((limit) => (limit?.resets === 'monthly' ? (limit.name ?? []) : []));
  const wanted = `a limit that resets monthly: ${monthly.join(', ') || 'there is none'}`;
  return monthly.includes(creditLimit) ? [] : [fault(['usage', 'creditLimit'], creditLimit, wanted)];
}
