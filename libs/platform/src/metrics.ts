import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Numbers that a process counts. Labels come from small closed sets, never from tenants or orders. */
export type Metrics = {
  readonly registry: Registry;
  /** Owed rows by what became of them. */
  readonly workResults: Counter<'kind' | 'result'>;
  readonly httpRequests: Counter<'route' | 'method' | 'status'>;
  readonly httpDurationSeconds: Histogram<'route' | 'method'>;
};

/** A registry of its own per process, so that several can live in one test process. */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    workResults: new Counter({
      name: 'billfleet_work_results_total',
      help: 'Owed rows by result.',
      labelNames: ['kind', 'result'],
      registers,
    }),
    httpRequests: new Counter({
      name: 'billfleet_http_requests_total',
      help: 'HTTP requests.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    httpDurationSeconds: new Histogram({
      name: 'billfleet_http_request_duration_seconds',
      help: 'Duration of HTTP requests.',
      labelNames: ['route', 'method'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}
