import { describe, expect, test } from '@jest/globals';
import { parseCaseFile } from './case-file.js';

const prorate = {
  id: 'x1',
  kind: 'prorate',
  convention: 'day',
  currency: 'USD',
  timeZone: 'UTC',
  term: { start: '2026-07-01', end: '2027-01-01' },
  at: '2026-10-01T00:00:00Z',
  lines: [{ quantity: 3, price: '-90.00' }],
  expect: { lines: ['-135.00'], total: '-135.00' },
};
const parse = (...cases: unknown[]) => parseCaseFile(JSON.stringify({ cases }));
const faultsOf = (change: object) => parse({ ...prorate, ...change }).faults;

describe('a case file', () => {
  test('becomes cases whose amounts are minor units of their currency', () => {
    const { cases, faults } = parse(prorate, { ...prorate, id: 'x2', currency: 'KWD' });
    expect(faults).toEqual([]);
    expect(cases).toMatchObject([
      { lines: [{ quantity: 3, unitMinor: -9_000n }], expect: { lines: [-13_500n], total: -13_500n } },
      { lines: [{ quantity: 3, unitMinor: -90_000n }] },
    ]);
  });

  test.each([
    ['2026-10-01T05:45:00+05:45', '2026-10-01T00:00:00.000Z'],
    ['2026-09-30T20:30-03:30', '2026-10-01T00:00:00.000Z'],
    ['2026-10-01T00:00:00.123456789Z', '2026-10-01T00:00:00.123Z'],
  ])('takes the instant %s', (at, expected) => {
    expect(parse({ ...prorate, at }).cases).toMatchObject([{ at: new Date(expected) }]);
  });

  test('may carry fields that say nothing to the engine', () => {
    expect(parse({ ...prorate, note: 'why this case is here' }).faults).toEqual([]);
  });

  test('tells every fault with its place, and reads the cases that have none', () => {
    const { cases, faults } = parse({ ...prorate, id: 'bad', at: 'now', currency: 'ZZZ' }, prorate, {
      id: 'y',
      kind: 'z',
    });
    expect(cases.map((one) => one.id)).toEqual(['x1']);
    expect(faults.map((fault) => [fault.caseId, fault.name, fault.found])).toEqual([
      ['bad', 'cases[0].currency', '"ZZZ"'],
      ['bad', 'cases[0].at', '"now"'],
      ['y', 'cases[2].kind', '"z"'],
    ]);
  });

  test('holds each id once', () => {
    expect(parse(prorate, prorate).faults).toMatchObject([{ name: 'cases[1].id', wanted: 'an id of its own' }]);
  });

  test.each([
    ['', '(file)'],
    ['[]', '(file)'],
    ['{}', 'cases'],
    ['{"cases":[]}', 'cases'],
    ['{"cases":[1]}', 'cases[0]'],
  ])('%p is none', (text, name) => {
    expect(parseCaseFile(text)).toMatchObject({ cases: [], faults: [{ name }] });
  });
});

describe('what cannot be read', () => {
  test.each<[object, string]>([
    [{ convention: 'days' }, 'convention'],
    [{ timeZone: '+03:00' }, 'timeZone'],
    [{ term: { start: '2026-02-29', end: '2027-01-01' } }, 'term.start'],
    [{ term: { start: '2027-01-01', end: '2027-01-01' } }, 'term'],
    [{ term: { start: '2026-07-01', end: '2027-01-01', until: 1 } }, 'term'],
    [{ at: '2026-10-01T00:00:00' }, 'at'],
    [{ at: '2026-02-30T00:00:00Z' }, 'at'],
    [{ at: '2026-10-01T24:00:00Z' }, 'at'],
    [{ lines: [] }, 'lines'],
    [{ lines: [{ quantity: -1, price: '1.00' }] }, 'lines[0].quantity'],
    [{ lines: [{ quantity: 1, price: 1 }] }, 'lines[0].price'],
    [{ lines: [{ quantity: 1, price: '1.001' }] }, 'lines[0].price'],
    [{ expect: {} }, 'expect'],
    [{ expect: { totals: '1.00' } }, 'expect'],
    [{ expect: { total: 'much' } }, 'expect.total'],
  ])('%j', (change, place) => {
    expect(faultsOf(change).map((fault) => fault.name)).toContain(`cases[0].${place}`);
  });

  test.each<[string, object, object, string]>([
    ['an amount below zero as paid', {}, { paid: '-1.00' }, 'subscription.paid'],
    ['an amount with three decimals as paid', {}, { paid: '1.000' }, 'subscription.paid'],
    [
      'no packages held',
      {},
      { addOns: [{ addOn: 'x', packages: 0, endsOn: '2027-01-01' }] },
      'subscription.addOns[0].packages',
    ],
    ['a field that is not scheduled', {}, { scheduled: { price: 1 } }, 'subscription.scheduled'],
    [
      'a change on no day',
      { changes: [{ on: 'soon', what: 'plan', from: null, to: 'pro' }] },
      {},
      'expect.changes[0].on',
    ],
    [
      'a change of nothing known',
      { changes: [{ on: 'payment', what: 'x', from: null, to: null }] },
      {},
      'expect.changes[0].what',
    ],
  ])('%s', (_case, expectMore, heldMore, place) => {
    const held = { plan: 'base', seats: 3, periodMonths: 6, startsOn: '2026-07-01', endsOn: '2027-01-01', ...heldMore };
    const one = { id: 'a', kind: 'quote', catalog: 'demo', subscription: held, now: '2026-11-23T12:00:00Z' };
    const file = parse({ ...one, request: { kind: 'refund' }, expect: { total: '0.00', ...expectMore } });
    expect(file.faults.map((fault) => fault.name)).toEqual([`cases[0].${place}`]);
  });

  test('what a subscription leaves out is as the reference says', () => {
    const held = { plan: 'base', seats: 3, periodMonths: 6, startsOn: '2026-07-01', endsOn: '2027-01-01' };
    const one = { id: 'a', kind: 'quote', catalog: 'demo', subscription: held, now: '2026-11-23T12:00:00Z' };
    const { cases } = parse({
      ...one,
      request: { kind: 'add-on', addOn: 'x', termMonths: 3 },
      expect: { total: '1.00' },
    });
    expect(cases).toMatchObject([
      {
        request: { packages: 1 },
        subscription: { autoRenewal: false, timeZone: 'UTC', country: 'US', laterTerms: [], addOns: [] },
      },
    ]);
  });

  test('a change without a subscription, a request of no kind, periods beyond the calendar', () => {
    const quote = { kind: 'quote', catalog: 'demo', subscription: null, now: '2026-11-23T12:00:00Z' };
    const { faults } = parse(
      { id: 'a', ...quote, request: { kind: 'renewal' }, expect: { total: '1.00' } },
      { id: 'b', ...quote, request: { kind: 'gift' }, expect: { total: '1.00' } },
      { id: 'c', kind: 'periods', anchor: '9999-01-31', months: 1, count: 12, expect: { starts: [] } },
    );
    expect(faults.map((fault) => fault.name)).toEqual(['cases[0].subscription', 'cases[1].request', 'cases[2].count']);
  });
});
