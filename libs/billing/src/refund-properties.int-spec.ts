import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RefundMood } from '../../../test/support/played-provider.js';
import { onOneState } from '@billfleet/store';
import { RefundWorld } from '../../../test/support/refund-world.js';
import { checkBooks } from './check-books.js';

const world = new RefundWorld('refund properties');

beforeAll(() => world.open());
afterAll(() => world.close());

type Bought = { readonly id: string; readonly workspaceId: string };
async function bought(): Promise<Bought> {
  const workspaceId = await world.workspace();
  return { id: await world.buy(workspaceId), workspaceId };
}
const amount = (minor: number) => ({ what: 'amount', amountMinor: String(minor), currency: 'USD' });

/** What may happen to the money of an order, one after the other. */
type Step =
  | { readonly do: 'amount'; readonly minor: number }
  | { readonly do: 'bank'; readonly state: 'open' | 'won' | 'lost' }
  | { readonly do: 'end'; readonly state: 'succeeded' | 'failed' }
  | { readonly do: 'promise'; readonly minor: number }
  | { readonly do: 'sent-back'; readonly isSaid: boolean }
  | { readonly do: 'mood'; readonly mood: RefundMood }
  | { readonly do: (typeof PLAIN_STEPS)[number] };
const PLAIN_STEPS = [
  'all-left',
  'unused-days',
  'seats',
  'send',
  'check',
  'hear',
  'retry',
  'outside',
  'decide',
  'withdraw',
  'buy-more',
] as const;
const MOODS = ['succeeds', 'processes', 'fails', 'away', 'lost'] as const satisfies readonly RefundMood[];
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('amount' as const), minor: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({ do: fc.constant('promise' as const), minor: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({ do: fc.constantFrom(...PLAIN_STEPS) }),
  fc.record({ do: fc.constant('bank' as const), state: fc.constantFrom('open', 'won', 'lost') }),
  fc.record({ do: fc.constant('end' as const), state: fc.constantFrom('succeeded', 'failed') }),
  fc.record({ do: fc.constant('sent-back' as const), isSaid: fc.boolean() }),
  fc.record({ do: fc.constant('mood' as const), mood: fc.constantFrom(...MOODS) }),
);

async function play(order: Bought, step: Step): Promise<void> {
  switch (step.do) {
    case 'amount':
      await world.refund(order, amount(step.minor));
      return;
    case 'all-left':
    case 'unused-days':
      await world.refund(order, { what: step.do });
      return;
    case 'seats':
      await takeSeat(order);
      return;
    case 'bank':
      world.provider.bank(order.id, step.state);
      return;
    case 'end':
      world.provider.end(order.id, step.state);
      return;
    case 'promise':
      await world.promise(order.workspaceId, step.minor);
      return;
    case 'withdraw':
      return world.withdrawPromises(order.workspaceId);
    case 'buy-more':
      await world.buy(order.workspaceId, { kind: 'add-seats', seats: 1 }).catch(() => undefined);
      return;
    case 'sent-back':
      world.provider.sendBack(order.id, step.isSaid);
      return;
    case 'mood':
      world.provider.mood = step.mood;
      return;
    case 'send':
      return world.send();
    case 'check':
      return world.check();
    case 'hear':
      return world.hear(order.id);
    case 'decide':
      return world.decideAll();
    case 'retry':
    case 'outside': {
      // Nobody gives money in another way without a look at what the provider has done with it.
      if (step.do === 'outside') await world.hear(order.id);
      const waiting = (await world.refundsOf(order.id)).find(({ needsPerson }) => needsPerson);
      if (waiting !== undefined) await (step.do === 'retry' ? world.retry(waiting) : world.giveOutside(waiting));
    }
  }
}

async function takeSeat(order: Bought): Promise<void> {
  const quoteId = await world.quote(order.workspaceId, { kind: 'refund', seats: 1 }).catch(() => undefined);
  if (quoteId !== undefined) await world.refund(order, { subscription: 'take-back', quoteId });
}

test('whatever happens to the money of an order, what is left is never below zero, and the books are in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 14 }), async (steps) => {
      world.provider.mood = 'succeeds';
      const order = await bought();
      for (const step of steps) {
        await play(order, step);
        const { payments } = await world.look(order.id);
        for (const { chargedMinor, refundedMinor, owedMinor } of payments)
          expect(chargedMinor - refundedMinor - owedMinor >= 0n).toBe(true);
      }
      // Nobody knows of what the provider did in secret until somebody looks.
      world.provider.mood = 'succeeds';
      await world.send();
      await world.hear(order.id);
      expect(await world.violated()).toEqual([]);
      expect(await onOneState(world.source, checkBooks)).toMatchObject({ differences: 0, list: [] });
    }),
    { numRuns: 25 },
  );
}, 120_000);
