import { randomUUID } from 'node:crypto';
import {
  AdvanceTestClocks,
  CloseEndedCheckouts,
  ExpireOrders,
  fleetSweeps,
  KeepBooks,
  ManageTestClocks,
  RecogniseRevenue,
  recogniseWholeMonth,
  ReceiveWebhooks,
  RegisterWorkspaces,
  SweepMails,
  SweepRenewals,
  SweepTurns,
  SweepUsage,
  testClockSweeps,
  WorkspaceClock,
} from '@billfleet/billing';
import type { SweepsByTime } from '@billfleet/billing';
import { parseCatalogue, registerWorkspace } from '@billfleet/contracts';
import { addMonths, civilDate, InvariantError } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import { systemClock } from '@billfleet/platform';
import { closedMonths, dataSourceOptions, Store, testClocks, work } from '@billfleet/store';
import { DataSource } from 'typeorm';
import { taxedCatalogueText } from '../support/taxed-catalogue.js';
import { fleetWorkers } from './fleet-workers.js';
import type { Desks } from './fleet-workers.js';
import { HostedProvider } from './hosted-provider.js';
import { ownDatabase } from './own-database.js';
import type { OwnDatabase } from './own-database.js';

const read = parseCatalogue(taxedCatalogueText());
if (read.kind === 'faulty') throw new Error('the catalogue is faulty');
const { catalogue } = read;

/** How often each job comes: once, again once it is done, or to two workers at once. */
export type Delivery = 'once' | 'again' | 'at-once';

/** A customer: where he lives, and whether in the fleet's own time or on the test clock. */
export type Customer = { readonly id: string; readonly country: string; readonly isLive: boolean };

const BEGINS_AT = '2026-10-05T15:00:00Z';
/** Untaxed, taxed within the price, on top of it, and by themselves; in each currency, and by each clock. */
const PLACES = [
  ['BR', 'America/Sao_Paulo', 'pt-BR', false],
  ['US', 'America/New_York', 'en', false],
  ['MX', 'America/Mexico_City', 'es', false],
  ['IE', 'Europe/Dublin', 'en', false],
  ['DE', 'Europe/Berlin', 'en', false],
  ['BR', 'America/Sao_Paulo', 'pt-BR', true],
  ['IE', 'Europe/Dublin', 'en', true],
] as const;
const ROUNDS_MAX = 200;
/** So often all that waits is looked at again: each look may bring another one. */
const LOOKS = 4;
const STANDS_MAX = 20;
/** Months before the present one that are open when a run begins. */
const MONTHS_TO_CLOSE = 2;
const DAY_MS = 86_400_000;

/** The whole fleet in one process on a database of its own: nothing happens unless somebody has it done, and then in the same order each time. */
export class PlayedFleet {
  readonly catalogue = catalogue;
  readonly provider = new HostedProvider();
  readonly clock = new WorkspaceClock(systemClock);
  readonly parts;
  readonly customers: Customer[] = [];
  readonly mails: { readonly messageId: string; count: number }[] = [];
  /** Payments of which something is new that the provider has told nobody. */
  readonly untold = new Set<string>();
  /** While the workers rest, what is asked for is owed and not done. */
  isResting = false;
  private readonly desks: Desks;
  private readonly clockId = randomUUID();
  private readonly clocks: AdvanceTestClocks;

  private constructor(
    private readonly database: OwnDatabase,
    readonly source: DataSource,
    readonly store: Store,
    private readonly delivery: Delivery,
  ) {
    const { provider, clock } = this;
    this.parts = { store, catalogue, clock };
    const take = ({ messageId }: { readonly messageId: string }): void => {
      const known = this.mails.find((one) => one.messageId === messageId);
      if (known === undefined) this.mails.push({ messageId, count: 1 });
      else known.count += 1;
    };
    this.desks = fleetWorkers({ store, catalogue, clock, provider, take });
    this.clocks = new AdvanceTestClocks(store, (id) => this.sweeps(testClockSweeps(id)));
  }

  static async open(delivery: Delivery): Promise<PlayedFleet> {
    const database = await ownDatabase();
    const source = new DataSource(dataSourceOptions({ url: database.url, poolSize: 4, app: 'a property' }));
    await source.initialize();
    // A lease of no time: what is owed is due at once.
    const fleet = new PlayedFleet(database, source, new Store(source, { leaseMs: 0 }), delivery);
    await fleet.begin();
    return fleet;
  }

  async close(): Promise<void> {
    await this.source.destroy();
    await this.database.drop();
  }

  private async begin(): Promise<void> {
    const clocks = new ManageTestClocks({ store: this.store, clock: systemClock, providerId: this.provider.id });
    const made = await clocks.create({ id: this.clockId, name: 'a property', nowAt: BEGINS_AT }, 'a property');
    if (made.kind === 'refused') throw new Error(JSON.stringify(made));
    const registering = new RegisterWorkspaces(this.store, catalogue, this.clock);
    for (const [country, timeZone, locale, isLive] of PLACES) {
      const id = randomUUID();
      const billingEmail = `admin-${id.slice(0, 8)}@customer.example`;
      await registering.run(registerWorkspace.parse({ id, name: 'Payer', country, timeZone, locale, billingEmail }));
      if (!isLive) await clocks.attach(this.clockId, id, 'a property');
      this.customers.push({ id, country, isLive });
    }
    await this.closeMonth();
  }

  private readonly sweeps: SweepsByTime = (sweepClock) => {
    const { store } = this;
    const usage = new SweepUsage(this.parts, sweepClock);
    return {
      order: new ExpireOrders(store, sweepClock),
      turn: new SweepTurns(store, sweepClock),
      renewal: new SweepRenewals({ store, clock: sweepClock, catalogue, perMinute: 10_000 }),
      mail: new SweepMails(store, sweepClock),
      credits: usage,
      meter: usage,
      checkout: new CloseEndedCheckouts(store, sweepClock),
      revenue: new RecogniseRevenue(store, sweepClock),
    };
  };

  /** Has the workers do what is due, until nothing is; while they rest nothing is done. */
  async work(): Promise<void> {
    if (this.isResting) return;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const due = await this.store.transaction((tx) => work.claimDue(tx, 1_000));
      if (due.length === 0) return;
      for (const queue of new Set(due.map((row) => row.queue))) {
        const marks = due.flatMap((row) => (row.queue === queue ? [[row.id, row.generation] as const] : []));
        const run = (): Promise<unknown> => this.desks[queue].runWork(marks.map(([id, n]) => [id, n]));
        await (this.delivery === 'at-once' ? Promise.all([run(), run()]) : run());
        if (this.delivery === 'again') await run();
      }
    }
    throw new InvariantError(`work is never done: ${JSON.stringify(await this.owed())}`);
  }

  /** Leases, backoffs and waits for another look are over. */
  async makeDue(): Promise<void> {
    await this.store.transaction((tx) => tx.query(`update work set due_at = now() where dead_at is null`));
  }

  /** The provider tells of payments. */
  async tell(references: readonly string[], told: 'once' | 'twice'): Promise<void> {
    const notices = references.map((reference) => ({ provider: 'sandbox', eventId: randomUUID(), reference }));
    const receiving = new ReceiveWebhooks(this.store);
    await receiving.run(notices);
    if (told === 'twice') await receiving.run(notices);
  }

  /** The provider tells what it kept to itself, and is heard. */
  async catchUp(): Promise<void> {
    await this.tell([...this.untold], 'once');
    this.untold.clear();
    const { isResting } = this;
    this.isResting = false;
    await this.work();
    this.isResting = isResting;
  }

  /** The provider answers again and tells what it kept to itself, the workers work, and all that was put off is looked at. */
  async heal(): Promise<void> {
    this.isResting = false;
    this.provider.charges = 'takes';
    this.provider.mood = 'succeeds';
    this.provider.endRefunds();
    await this.catchUp();
    for (let look = 0; look < LOOKS; look += 1) {
      await this.makeDue();
      await this.work();
    }
    await this.sweep();
  }

  /** Days go by on the test clock, as the dispatcher has them: from one moment at which something is due to the next one. */
  async passDays(days: number, charges: HostedProvider['charges']): Promise<void> {
    await this.heal();
    this.provider.charges = charges;
    await this.store.transaction(async (tx) => {
      const nowAt = await testClocks.holdClock(tx, this.clockId);
      await testClocks.setTarget(tx, this.clockId, new Date(nowAt.getTime() + days * DAY_MS));
    });
    for (let stands = 0; ;) {
      const came = await this.clocks.run();
      if (came.failures[0] !== undefined) throw came.failures[0];
      if (!came.isAdvancing) break;
      stands = came.hasMoved ? 0 : stands + 1;
      if (stands > STANDS_MAX) throw new InvariantError(`time stands still: ${JSON.stringify(await this.owed())}`);
      await this.work();
      if (!came.hasMoved) await this.makeDue();
    }
    this.provider.charges = 'takes';
    await this.work();
  }

  /** What the fleet's own time brings by itself now, and what clocks that stand still have due. */
  async sweep(): Promise<void> {
    for (const sweep of new Set(Object.values(this.sweeps(fleetSweeps(systemClock)))))
      while ((await sweep.run()) > 0) await this.work();
    await this.clocks.serveStanding();
    await this.work();
  }

  /** Recognises the next month of the live books ahead of time, as nobody waits for it here. */
  async recogniseLive(): Promise<void> {
    const [row] = await this.store.query<{ month: CivilDate }>(
      `select coalesce((select max(month) + interval '1 month' from recognised_month), date_trunc('month', now()))::date::text as month`,
    );
    if (row !== undefined) await recogniseWholeMonth(this.store, row.month, { testClockId: null });
  }

  /** Closes the first open month of the live books; answers whether it was over, as all are but the present one. */
  async closeMonth(): Promise<boolean> {
    const first = addMonths(civilDate(`${new Date().toISOString().slice(0, 7)}-01`), -MONTHS_TO_CLOSE);
    const { openMonth } = await closedMonths.booksState(this.store);
    const by = { actor: 'a property', reason: 'it is over' };
    const closed = await new KeepBooks(this.store, fleetSweeps(systemClock)).close(openMonth ?? first, by);
    return closed.kind === 'closed';
  }

  /** What is owed and not done. */
  owed(): Promise<readonly { readonly kind: string; readonly error: string | null; readonly isDead: boolean }[]> {
    return this.store.query(
      `select kind, last_error as error, dead_at is not null as "isDead" from work order by kind, id limit 20`,
    );
  }
}
