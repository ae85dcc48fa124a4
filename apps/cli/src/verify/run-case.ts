import type { VerifyCase } from '@billfleet/contracts';
import { allocateMinor, civilDateIn, periodsFrom, prorate, startOfDay } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import { decimalIn, differ, differAll } from './differences.js';
import type { Difference } from './differences.js';
import { runQuoteCase } from './run-quote-case.js';

type CaseOf<Kind extends VerifyCase['kind']> = Extract<VerifyCase, { kind: Kind }>;

/** Runs one case against the engine and answers every difference; none means that it passed. */
export function runCase(one: VerifyCase, catalogue: Catalogue): readonly Difference[] {
  switch (one.kind) {
    case 'prorate':
      return runProrate(one);
    case 'periods':
      return runPeriods(one);
    case 'allocate':
      return runAllocate(one);
    case 'quote':
      return runQuoteCase(one, catalogue);
    case 'localDay':
      return differ('day', one.expect, civilDateIn(one.instant, one.timeZone));
  }
}

function runProrate({ convention, timeZone, term, at, currency, lines, expect }: CaseOf<'prorate'>) {
  const instant = typeof at === 'string' ? startOfDay(at, timeZone) : at;
  const found = prorate({ term: { convention, timeZone, ...term }, at: instant, currency, lines });
  const decimal = decimalIn(currency);
  const amounts = found.lines.map((line) => decimal(line.amountMinor));
  return [
    ...(expect.lines ? differAll('lines', expect.lines.map(decimal), amounts) : []),
    ...(expect.total === undefined ? [] : differ('total', decimal(expect.total), decimal(found.totalMinor))),
  ];
}

function runPeriods({ anchor, months, count, expect }: CaseOf<'periods'>) {
  const found = periodsFrom(anchor, months, count);
  const [starts, ends] = [found.map((period) => period.startsOn), found.map((period) => period.endsOn)];
  return [
    ...(expect.starts ? differAll('starts', expect.starts, starts) : []),
    ...(expect.ends ? differAll('ends', expect.ends, ends) : []),
  ];
}

function runAllocate({ currency, total, parts, expect }: CaseOf<'allocate'>) {
  const decimal = decimalIn(currency);
  return differAll('parts', expect.map(decimal), allocateMinor(total, parts).map(decimal));
}
