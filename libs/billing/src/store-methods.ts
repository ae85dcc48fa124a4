import { orderQueue } from '@billfleet/contracts';
import { management, work } from '@billfleet/store';
import type { MethodSetup, OwedWork, Store } from '@billfleet/store';
import { newId } from './ids.js';
import type { CallResult, Provider, StoredAtProvider } from './ports.js';
import { acceptForWorkspaces } from './provision-workspaces.js';
import { answerOnce } from './requests-once.js';
import type { Command, CommandOutcome } from './requests-once.js';
import { tellStored } from './switch-mails.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** A token that shall become the stored method of a workspace, and who asks. */
export type ReplaceMethodInput = { readonly workspaceId: string; readonly token: string; readonly by: string };

/** Takes wishes to replace the stored method in place; the provider is asked by a worker. */
export class ReplaceMethods {
  constructor(
    private readonly store: Store,
    private readonly providerId: string,
  ) {}

  /** `ref` is the id of the setup, which says later what became of it. */
  run(commands: readonly Command<ReplaceMethodInput>[]): Promise<readonly CommandOutcome[]> {
    return this.store.transaction((tx) =>
      answerOnce(tx, 'payment-method.replace', commands, async (fresh) => {
        const outcomes = await acceptForWorkspaces(tx, fresh, () => newId());
        const rows = outcomes.flatMap((one, index) => {
          const input = fresh[index]?.input;
          if (one.kind === 'refused' || input === undefined) return [];
          const { workspaceId, token, by: requestedBy } = input;
          return [{ id: one.ref, workspaceId, provider: this.providerId, token, requestedBy }];
        });
        await management.insertSetups(tx, rows);
        await work.owe(
          tx,
          orderQueue,
          'method.store',
          rows.map((row) => row.id),
        );
        return outcomes;
      }),
    );
  }
}

type Asked = { readonly item: OwedWork; readonly setup: MethodSetup; readonly result: CallResult<StoredAtProvider> };

/** Asks the provider to keep tokens, and puts what it keeps in the place of what was stored before. */
export class StoreMethods {
  constructor(
    private readonly store: Store,
    private readonly provider: Provider,
    private readonly clock: WorkspaceClock,
  ) {}

  /** The setup's id is the key: asking twice keeps one method. Nothing is charged, and automatic renewal stays as it is. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const setups = await management.findSetups(
      this.store,
      items.map((item) => item.ref),
    );
    const asked = await Promise.all(
      items.flatMap((item) => {
        const setup = setups.get(item.ref);
        if (setup?.status !== 'submitting' || setup.token === null) return [];
        const ask = { setupId: setup.id, token: setup.token };
        return [this.provider.storeMethod(ask, setup.id).then((result): Asked => ({ item, setup, result }))];
      }),
    );
    const failures = asked.flatMap(({ item, result }) =>
      result.outcome === 'unknown' || result.outcome === 'not_attempted'
        ? failed([item], `provider did not answer: ${result.failure.code}`, 'outage')
        : [],
    );
    const waiting = new Set(failures.map((failure) => failure.id));
    await this.store.transaction(async (tx) => {
      const mine = await work.claim(
        tx,
        items.filter((item) => !waiting.has(item.id)),
      );
      const claimed = new Set(mine.map((item) => item.id));
      const answered = asked.filter(({ item }) => claimed.has(item.id));
      const kept = answered.flatMap(({ setup, result }) =>
        result.outcome === 'observed' ? [{ setup, value: result.value }] : [],
      );
      const before = await management.replaceMethods(
        tx,
        kept.map(({ setup: { workspaceId, provider }, value }) => ({ workspaceId, provider, ...value })),
      );
      await tellStored(
        tx,
        kept.map(({ setup: { id: setupId, workspaceId, requestedBy: by }, value: after }) => ({
          ...{ setupId, workspaceId, by, after, before: before.get(workspaceId) },
        })),
        (workspace) => this.clock.nowOf(workspace),
      );
      await management.settleSetups(
        tx,
        answered.map(({ setup, result }) => ({
          id: setup.id,
          status: result.outcome === 'observed' ? 'stored' : 'declined',
          failure: result.outcome === 'observed' ? null : JSON.stringify(result.failure),
        })),
      );
      await work.ack(tx, mine);
    });
    return failures;
  }
}
