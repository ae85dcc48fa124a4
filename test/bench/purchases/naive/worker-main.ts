import { Queue, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import pg from 'pg';
import { settingsOfChild, tellParent } from '../child.js';
import { NAIVE_JOB_OPTIONS, naiveQueues, redisOf } from './jobs.js';
import type { ConfirmJob, NaiveSettings, PlaceJob, ProvisionJob } from './jobs.js';
import { confirmPayment, placeOrder, provisionSeats } from './steps.js';

/** One worker process of the hand-written pipeline: a job is a step, a step is a transaction. */
const { databaseUrl, redisUrl, concurrency } = settingsOfChild() as NaiveSettings;
const pool = new pg.Pool({ connectionString: databaseUrl, max: concurrency });
const connection = redisOf(redisUrl);
const provisions = new Queue<ProvisionJob>(naiveQueues.provision, {
  connection,
  defaultJobOptions: NAIVE_JOB_OPTIONS,
});
const workers = [
  new Worker(naiveQueues.place, (job: Job<PlaceJob>) => placeOrder(pool, job.data), { connection, concurrency }),
  new Worker(
    naiveQueues.confirm,
    async (job: Job<ConfirmJob>) => {
      await provisions.add('provision', await confirmPayment(pool, job.data));
    },
    { connection, concurrency },
  ),
  new Worker(naiveQueues.provision, (job: Job<ProvisionJob>) => provisionSeats(pool, job.data), {
    connection,
    concurrency,
  }),
];
for (const worker of workers) worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
process.once('SIGTERM', () => {
  void Promise.all(workers.map((worker) => worker.close()))
    .then(() => Promise.all([provisions.close(), pool.end()]))
    .then(() => process.exit(0));
});
tellParent({ kind: 'ready' });
