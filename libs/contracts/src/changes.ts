import { z } from 'zod';
import type { EventType } from './events.js';

/** What a page can show that may be another one by now. */
export const changeTopics = ['order', 'subscription', 'usage', 'workspace'] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/** What is told on the stream of changes: that something is another one now, and never what it is. It is asked for again by its own route. */
export const changeTold = z
  .strictObject({
    topic: z.enum(changeTopics),
    orderId: z.uuid().nullable().meta({ description: 'The order that changed, where it was one.' }),
  })
  .meta({ id: 'Change' });
export type ChangeTold = z.output<typeof changeTold>;

const topics: Readonly<Record<string, ChangeTopic>> = {
  order: 'order',
  payment: 'order',
  renewal: 'order',
  subscription: 'subscription',
  plan: 'subscription',
  seats: 'subscription',
  entitlements: 'subscription',
  auto_renewal: 'subscription',
  usage: 'usage',
  credits: 'usage',
  workspace: 'workspace',
};

/** What an event changes on a page; undefined where it changes nothing that is shown. */
export const topicOf = (type: EventType): ChangeTopic | undefined => topics[type.split('.')[0] ?? ''];
