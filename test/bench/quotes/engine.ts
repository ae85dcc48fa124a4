import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCatalogue } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { checkoutRoot } from '../../../apps/cli/src/checkout.js';
import type { BenchQuotesEngine } from '../../../apps/cli/src/commands/bench.js';
import { median, rounded } from '../purchases/figures.js';
import { processorMicros } from '../purchases/processor-time.js';
import { workspaceIdOf } from '../purchases/purchase.js';
import { startServers, withClient } from '../purchases/servers.js';
import { measureEngine } from './engine-time.js';
import { startGateway, WORKSPACES } from './gateway.js';
import type { BenchGateway } from './gateway.js';
import { Load, requestBytes } from './load.js';
import { measurePreviews } from './preview-time.js';

const ENGINE_MICROS_MAX = 50;
const RATIO_MIN = 0.5;
/** The price of a choice stands on the billing page within this time, once the choice stands still. */
const PREVIEW_MS_MAX = 300;
const WARM_UP_SECONDS = 2;
const SEATS_MAX = 100;

type Route = 'empty' | 'quotes';
type Measured = { readonly perSecond: number; readonly microsPerRequest: number; readonly refused: number };
type Figures = Readonly<Record<Route, Measured[]>>;

/** Measures the engine alone, then both routes in turns over the same connections; the figures are medians over the rounds. */
export const benchQuotes: BenchQuotesEngine = async ({ connections, rounds, secondsPerRound, onProgress }) => {
  const engine = measureEngine(demoCatalogue());
  onProgress(`engine: a quote with ${String(engine.lines)} lines takes ${String(engine.medianMicros)} µs`);
  const servers = await startServers(onProgress);
  try {
    const gateway = await startGateway(servers);
    try {
      const figures = await measureRoutes(gateway, { connections, rounds, secondsPerRound, onProgress });
      const preview = await measurePreviews(gateway);
      onProgress(`preview: ${String(preview.medianMs)} ms, 99 of 100 within ${String(preview.p99Ms)} ms`);
      const perSecond = (route: Route): number => rounded(median(figures[route].map((one) => one.perSecond)));
      const micros = (route: Route): number => rounded(median(figures[route].map((one) => one.microsPerRequest)));
      const ratioToEmptyRoute = rounded(
        median(figures.quotes.map((one, round) => one.perSecond / (figures.empty[round]?.perSecond ?? Infinity))),
        2,
      );
      const faults = faultsOf(figures, await storedQuotes(gateway));
      return {
        ok:
          faults.length === 0 &&
          engine.medianMicros < ENGINE_MICROS_MAX &&
          ratioToEmptyRoute >= RATIO_MIN &&
          preview.p99Ms <= PREVIEW_MS_MAX,
        engineMicrosPerQuote: engine.medianMicros,
        engineP99Micros: engine.p99Micros,
        engineLines: engine.lines,
        quotesPerSecond: perSecond('quotes'),
        emptyRoutePerSecond: perSecond('empty'),
        ratioToEmptyRoute,
        previewMedianMs: preview.medianMs,
        previewP99Ms: preview.p99Ms,
        gatewayCpuMicrosPerRequest: { quotes: micros('quotes'), emptyRoute: micros('empty') },
        connections,
        rounds: figures.quotes.map((one, round) => ({
          quotes: rounded(one.perSecond),
          emptyRoute: rounded(figures.empty[round]?.perSecond ?? 0),
        })),
        faults,
      };
    } finally {
      await gateway.stop();
    }
  } finally {
    await servers.stop();
  }
};

async function measureRoutes(
  gateway: BenchGateway,
  { connections, rounds, secondsPerRound, onProgress }: Parameters<BenchQuotesEngine>[0],
): Promise<Figures> {
  const requests = requestsTo(gateway);
  const load = await Load.connect(gateway.port, connections);
  const figures: Figures = { empty: [], quotes: [] };
  let asked = 0;
  const run = async (route: Route, seconds: number): Promise<Measured> => {
    const before = processorMicros([gateway.pid]);
    const list = requests[route];
    const { perSecond, answered, refused } = await load.run(seconds, () => {
      asked += 1;
      return list[asked % list.length] ?? Buffer.alloc(0);
    });
    return { perSecond, refused, microsPerRequest: (processorMicros([gateway.pid]) - before) / answered };
  };
  try {
    for (const route of ['empty', 'quotes'] as const) await run(route, WARM_UP_SECONDS);
    for (let round = 1; round <= rounds; round += 1) {
      // Whoever goes first changes from round to round, so that neither always inherits the other's checkpoint.
      const order = round % 2 === 0 ? (['quotes', 'empty'] as const) : (['empty', 'quotes'] as const);
      for (const route of order) {
        const measured = await run(route, secondsPerRound);
        figures[route].push(measured);
        onProgress(`round ${String(round)} ${route}: ${String(rounded(measured.perSecond))} requests/s`);
      }
    }
    return figures;
  } finally {
    load.close();
  }
}

/** Requests made beforehand, so that making them is not measured. */
function requestsTo({ port, apiKey }: BenchGateway): Readonly<Record<Route, readonly Buffer[]>> {
  const to = { host: `127.0.0.1:${String(port)}`, apiKey };
  const quotes = Array.from({ length: WORKSPACES }, (_, nth) =>
    requestBytes('POST', '/v1/quotes', {
      ...to,
      body: JSON.stringify({
        workspaceId: workspaceIdOf(nth),
        plan: 'pro',
        seats: 1 + (nth % SEATS_MAX),
        periodMonths: 6,
      }),
    }),
  );
  return { empty: [requestBytes('GET', '/v1/ping', to)], quotes };
}

function faultsOf(figures: Figures, stored: number): string[] {
  const refused = [...figures.empty, ...figures.quotes].reduce((sum, one) => sum + one.refused, 0);
  return [
    ...(refused > 0 ? [`${String(refused)} requests were not answered with success`] : []),
    ...(stored === 0 ? ['no quote was stored'] : []),
  ];
}

const storedQuotes = ({ databaseUrl }: BenchGateway): Promise<number> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ n: string }>('select count(*) as n from quote');
    return Number(rows[0]?.n ?? 0);
  });

function demoCatalogue(): Catalogue {
  const parsed = parseCatalogue(readFileSync(path.join(checkoutRoot(), 'config/catalogue.yaml'), 'utf8'));
  if (parsed.kind === 'valid') return parsed.catalogue;
  throw new Error(`config/catalogue.yaml has ${String(parsed.faults.length)} faults`);
}
