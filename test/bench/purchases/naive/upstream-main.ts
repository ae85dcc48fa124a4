import { Queue } from 'bullmq';
import { settingsOfChild } from '../child.js';
import { PURCHASE } from '../purchase.js';
import { serveUpstream } from '../upstream.js';
import { NAIVE_JOB_OPTIONS, naiveQueues, redisOf } from './jobs.js';
import type { ConfirmJob, NaiveSettings, PlaceJob } from './jobs.js';

/** The upstream service of the hand-written pipeline: one job per request, added in bulk. */
const { databaseUrl, redisUrl } = settingsOfChild() as NaiveSettings;
const options = { connection: redisOf(redisUrl), defaultJobOptions: NAIVE_JOB_OPTIONS };
const places = new Queue(naiveQueues.place, options);
const confirms = new Queue(naiveQueues.confirm, options);
const { amountMinor, currency } = PURCHASE;

await serveUpstream(
  {
    async place(purchases) {
      await places.addBulk(
        purchases.map(({ workspaceId, orderKey }) => ({
          name: 'place',
          data: { workspaceId, orderKey, ...PURCHASE } satisfies PlaceJob,
        })),
      );
    },
    async confirm(purchases) {
      await confirms.addBulk(
        purchases.map(({ workspaceId, orderKey, reference }) => ({
          name: 'confirm',
          data: { workspaceId, orderKey, reference, amountMinor, currency } satisfies ConfirmJob,
        })),
      );
    },
  },
  databaseUrl,
);
