import type { AuditEngine } from './commands/audit.js';
import type { BenchClocksEngine, BenchEngine, BenchQuotesEngine, BenchRenewalsEngine } from './commands/bench.js';
import type { BooksEngine } from './commands/books.js';
import type { ImpactEngine } from './commands/catalog-impact.js';
import { mutants } from './commands/chaos.js';
import type { ChaosEngine } from './commands/chaos.js';
import type { CheckQuoteEngine } from './commands/check-quote.js';
import type { ClockEngine } from './commands/clock.js';
import type { DemoEngine } from './commands/demo.js';
import type { EventsEngine } from './commands/events.js';
import type { ExplainEngine } from './commands/explain.js';
import type { InvoicesEngine } from './commands/invoices.js';
import type { SeatsEngine } from './commands/seats.js';
import type { SeedEngine } from './commands/up.js';
import { simulateMutants } from './commands/simulate.js';
import type { SimulateEngine } from './commands/simulate.js';
import type { ShortForm } from './commands/test.js';
import type { KeysEngine } from './commands/keys.js';
import type { ReconcileEngine } from './commands/reconcile.js';
import type { RenewalsEngine } from './commands/renewals.js';
import type { SessionsEngine } from './commands/sessions.js';
import type { VerifyEngine } from './commands/verify.js';
import type { WorkEngine } from './commands/work.js';

type Lazy<Engine> = () => Promise<Engine>;

/** What the commands run. Each is loaded only when its command is called, so that `--help` stays quick. */
export type Engines = {
  seed?: Lazy<SeedEngine>;
  demo?: Lazy<DemoEngine>;
  audit?: Lazy<AuditEngine>;
  books?: Lazy<BooksEngine>;
  work?: Lazy<WorkEngine>;
  reconcile?: Lazy<ReconcileEngine>;
  renewals?: Lazy<RenewalsEngine>;
  seats?: Lazy<SeatsEngine>;
  clock?: Lazy<ClockEngine>;
  keys?: Lazy<KeysEngine>;
  sessions?: Lazy<SessionsEngine>;
  events?: Lazy<EventsEngine>;
  invoices?: Lazy<InvoicesEngine>;
  /** Reads the database for `catalog impact`. */
  catalog?: Lazy<ImpactEngine>;
  verify?: Lazy<VerifyEngine>;
  explain?: Lazy<ExplainEngine>;
  checkQuote?: Lazy<CheckQuoteEngine>;
  bench?: Lazy<BenchEngine>;
  benchQuotes?: Lazy<BenchQuotesEngine>;
  benchRenewals?: Lazy<BenchRenewalsEngine>;
  benchClocks?: Lazy<BenchClocksEngine>;
  chaos?: Lazy<ChaosEngine>;
  simulate?: Lazy<SimulateEngine>;
  /** Slow checks in a short form, run by `test` after Jest. */
  shortForms?: readonly ShortForm[];
};

/** The engines of this repository. A command whose engine is missing is not offered. */
export const engines: Engines = {
  seed: async () => (await import('./seed.js')).seedDemo,
  demo: async () => (await import('./demo-engine.js')).playDemo,
  audit: async () => (await import('./audit-engine.js')).auditEngine,
  books: async () => (await import('./books-engine.js')).booksEngine,
  work: async () => (await import('./work-engine.js')).workEngine,
  reconcile: async () => (await import('./reconcile-engine.js')).reconcileEngine,
  renewals: async () => (await import('./renewals-engine.js')).renewalsEngine,
  seats: async () => (await import('./seats-engine.js')).seatsEngine,
  clock: async () => (await import('./clock-engine.js')).clockEngine,
  keys: async () => (await import('./keys-engine.js')).keysEngine,
  sessions: async () => (await import('./sessions-engine.js')).sessionsEngine,
  events: async () => (await import('./events-engine.js')).eventsEngine,
  invoices: async () => (await import('./invoices-engine.js')).invoicesEngine,
  catalog: async () => (await import('./impact-engine.js')).impactEngine,
  verify: async () => (await import('./verify/verify-files.js')).verifyFiles,
  explain: async () => (await import('./explain-engine.js')).explainOrder,
  checkQuote: async () => (await import('./check-quote-engine.js')).checkQuoteFile,
  bench: async () => (await import('../../../test/bench/purchases/engine.js')).benchPurchases,
  benchQuotes: async () => (await import('../../../test/bench/quotes/engine.js')).benchQuotes,
  benchRenewals: async () => (await import('../../../test/bench/renewals/engine.js')).benchRenewals,
  benchClocks: async () => (await import('../../../test/bench/clocks/engine.js')).benchClocks,
  chaos: async () => (await import('../../../test/chaos/run-chaos.js')).runChaos,
  simulate: async () => (await import('../../../test/simulate/run-simulation.js')).runSimulation,
  shortForms: [
    {
      name: 'chaos, sound fleet',
      run: async (onProgress) => (await import('../../../test/chaos/short-forms.js')).soundShortForm(onProgress),
    },
    ...mutants.map((mutant): ShortForm => ({
      name: `chaos, mutant ${mutant}`,
      run: async (onProgress) =>
        (await import('../../../test/chaos/short-forms.js')).mutantShortForm(mutant, onProgress),
    })),
    {
      name: 'simulate, the same books twice',
      run: async (onProgress) => (await import('../../../test/simulate/short-forms.js')).sameBooksTwice(onProgress),
    },
    ...simulateMutants.map((mutant): ShortForm => ({
      name: `simulate, mutant ${mutant}`,
      run: async (onProgress) =>
        (await import('../../../test/simulate/short-forms.js')).mutantIsFound(mutant, onProgress),
    })),
    {
      name: 'bench purchases, short form',
      run: async (onProgress) => (await import('../../../test/bench/purchases/engine.js')).benchBriefly(onProgress),
    },
  ],
};
