import { InvariantError } from '@billfleet/domain';
import fc from 'fast-check';
import { FrontDoors } from './front-doors.js';
import type { Came, OrderOfFleet } from './front-doors.js';
import type { Customer, PlayedFleet } from './played-fleet.js';

/** What has to be so for a deed to make sense. `did`: what came of deeds, and how often. */
export type FleetModel = { hasOrders: boolean; hasPages: boolean; readonly did: Map<string, number> };

/** Something that people, a provider, a bank or time do. */
export type FleetDeed = fc.AsyncCommand<FleetModel, PlayedFleet>;

/** What a deed needs: an order, or a page that waits for its payer. */
type Needs = 'nothing' | 'an order' | 'a page';
type Act = (doors: FrontDoors, fleet: PlayedFleet) => Promise<Came>;

class Deed implements FleetDeed {
  constructor(
    private readonly name: string,
    private readonly how: Readonly<Record<string, unknown>>,
    private readonly needs: Needs,
    private readonly act: Act,
  ) {}

  check({ hasOrders, hasPages }: Readonly<FleetModel>): boolean {
    return this.needs === 'an order' ? hasOrders : this.needs === 'a page' ? hasPages : true;
  }

  async run(model: FleetModel, fleet: PlayedFleet): Promise<void> {
    const doors = new FrontDoors(fleet);
    const came = `${this.name}: ${await this.act(doors, fleet)}`;
    model.did.set(came, (model.did.get(came) ?? 0) + 1);
    await fleet.work();
    model.hasOrders ||= (await doors.orders()).length > 0;
    model.hasPages = fleet.provider.openPages().length > 0;
    const [uneven] = await fleet.store.query(
      `select transaction_id, currency, sum(amount_minor) from posting group by 1, 2 having sum(amount_minor) <> 0`,
    );
    if (uneven !== undefined) throw new InvariantError(`a transaction does not add up: ${JSON.stringify(uneven)}`);
  }

  toString(): string {
    return `${this.name} ${JSON.stringify(this.how)}`;
  }
}

/** Takes one of what is there. */
export const pick = <One>(some: readonly One[], which: number): One | undefined =>
  some[which % Math.max(some.length, 1)];

/** Draws how something is done, and makes it a deed. */
export const deed = <How extends Readonly<Record<string, unknown>>>(
  name: string,
  how: { readonly [K in keyof How]: fc.Arbitrary<How[K]> },
  needs: Needs,
  act: (how: How, doors: FrontDoors, fleet: PlayedFleet) => Promise<Came>,
): fc.Arbitrary<FleetDeed> =>
  (fc.record(how) as fc.Arbitrary<How>).map(
    (drawn) => new Deed(name, drawn, needs, (doors, fleet) => act(drawn, doors, fleet)),
  );

/** One of the customers who have a subscription, or of those who have none; where there is nobody of that kind, one of all. */
export async function customer(
  fleet: PlayedFleet,
  who: { readonly which: number; readonly has: 'subscription' | 'none' },
  then: (one: Customer) => Promise<Came>,
): Promise<Came> {
  const held = await fleet.store.query<{ id: string }>(
    `select workspace_id as id from subscription where status not in ('expired', 'closed')`,
  );
  const fitting = fleet.customers.filter(
    ({ id }) => held.some((row) => row.id === id) === (who.has === 'subscription'),
  );
  const one = pick(fitting.length > 0 ? fitting : fleet.customers, who.which);
  return one === undefined ? 'refused: nobody' : then(one);
}

/** One of the orders that stand so, or, where there is none, one of all. */
export async function order(
  doors: FrontDoors,
  { which, statuses }: { readonly which: number; readonly statuses: readonly string[] },
  then: (one: OrderOfFleet) => Promise<Came>,
): Promise<Came> {
  const all = await doors.orders();
  const fitting = all.filter(({ status }) => statuses.includes(status));
  const one = pick(fitting.length > 0 ? fitting : all, which);
  return one === undefined ? 'refused: no order' : then(one);
}

/** Names one of what there is, however many there are. */
export const which = fc.nat({ max: 60 });
/** Names one of the customers. */
const who = fc.nat({ max: 6 });
/** Mostly somebody who has a subscription. */
export const holder = fc.oneof(
  { weight: 9, arbitrary: fc.record({ which: who, has: fc.constant('subscription' as const) }) },
  { weight: 1, arbitrary: fc.record({ which: who, has: fc.constant('none' as const) }) },
);
/** Mostly somebody who has none. */
export const newcomer = fc.oneof(
  { weight: 9, arbitrary: fc.record({ which: who, has: fc.constant('none' as const) }) },
  { weight: 1, arbitrary: fc.record({ which: who, has: fc.constant('subscription' as const) }) },
);
/** How often the request comes. */
export const times = fc.constantFrom('once' as const, 'once' as const, 'again' as const, 'at-once' as const);
/** Plans, seats and terms that are sold. */
export const plan = fc.constantFrom('base', 'advanced', 'pro');
export const seats = fc.integer({ min: 1, max: 12 });
export const periodMonths = fc.constantFrom(6, 9, 12, 24);
/** Whether the provider tells. */
export const told = fc.constantFrom('once' as const, 'twice' as const, 'never' as const);

/** Where an order stands that can be paid, and one that can be given back. */
export const OPEN = ['awaiting_payment'];
export const GIVEN = ['fulfilled', 'refund_due'];
