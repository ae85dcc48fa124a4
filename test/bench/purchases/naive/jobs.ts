/** The three queues of the pipeline, and what a job of each carries. */
export const naiveQueues = { place: 'place', confirm: 'confirm', provision: 'provision' } as const;

/** A new order. */
export type PlaceJob = {
  readonly workspaceId: string;
  readonly orderKey: string;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly amountMinor: string;
  readonly currency: string;
};

/** Money that arrived. */
export type ConfirmJob = {
  readonly workspaceId: string;
  readonly orderKey: string;
  readonly reference: string;
  readonly amountMinor: string;
  readonly currency: string;
};

/** A paid order whose seats are owed. */
export type ProvisionJob = { readonly orderId: string };

/** Where the servers are. */
export type NaiveSettings = { readonly databaseUrl: string; readonly redisUrl: string; readonly concurrency: number };

/** Done jobs are removed at once; failed ones are tried again. */
export const NAIVE_JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: 1_000,
} as const;

/** Connection options for ioredis. */
export const redisOf = (redisUrl: string): { host: string; port: number; maxRetriesPerRequest: null } => {
  const url = new URL(redisUrl);
  return { host: url.hostname, port: Number(url.port), maxRetriesPerRequest: null };
};
