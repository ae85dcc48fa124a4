import type { Clock } from '@billfleet/platform';
import { management, testClocks, work } from '@billfleet/store';
import type { HoldingWork, Problem, Store, TestClock, TimeOf, Tx } from '@billfleet/store';
import { refused, unknownWorkspace } from './requests-once.js';

/** A clock as people see it. `blocked`: work of its workspaces is dead, and it waits for a person who retries or kills that. */
export type TestClockView = TestClock & {
  readonly status: 'ready' | 'advancing' | 'blocked';
  readonly workspaces: number;
  /** What has to be done before it can go on, oldest first, 20 at most. */
  readonly waitsFor: readonly HoldingWork[];
};

/** A clock as it stands after a request, or why the request was refused. `isReplay`: it was so before. */
export type TestClockOutcome =
  | { readonly kind: 'done'; readonly clock: TestClockView; readonly isReplay: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

type Refused = Extract<TestClockOutcome, { kind: 'refused' }>;

/** The only provider that a test clock may pay at: nothing that it takes is money. */
const PROVIDER_WITHOUT_MONEY = 'sandbox';

/** Makes test clocks, puts workspaces on them and sends them forward. The dispatcher moves them. */
export class ManageTestClocks {
  constructor(
    private readonly parts: {
      readonly store: Store;
      /** The fleet's own time, in which workspaces live until they stand on a test clock. */
      readonly clock: Clock;
      readonly providerId: string;
    },
  ) {}

  /** The id that the caller chose is the key: the same name again changes nothing. Without `nowAt` the clock starts at the fleet's own time. */
  create(
    input: { readonly id: string; readonly name: string; readonly nowAt?: string | undefined },
    by: string,
  ): Promise<TestClockOutcome> {
    return this.change(async (tx) => {
      const nowAt = input.nowAt === undefined ? this.parts.clock.now() : new Date(input.nowAt);
      const { clock, isNew } = await testClocks.makeClock(tx, { id: input.id, name: input.name, nowAt }, by);
      if (isNew || clock.name === input.name) return { id: input.id, isReplay: !isNew };
      return refuse('test_clock_exists', 409, 'id', 'a clock with this id and another name', 'a new id');
    });
  }

  /**
   * Puts a workspace on a clock, for good. Its time never runs backwards and skips nothing: the clock must not stand before what the workspace has
   * lived through, and nothing may be due for it until then.
   */
  attach(id: string, workspaceId: string, by: string): Promise<TestClockOutcome> {
    return this.change(async (tx) => {
      const clock = await testClocks.lockClock(tx, id);
      if (clock === undefined) return unknownClock(id);
      const workspace = await testClocks.lockWorkspace(tx, workspaceId);
      if (workspace === undefined) return unknownWorkspace(workspaceId);
      if (workspace.testClockId === id) return { id, isReplay: true };
      if (workspace.testClockId !== null) {
        const found = `a workspace on the test clock ${workspace.testClockId}`;
        return refuse('test_clock_kept', 409, 'workspaceId', found, 'a workspace that stands on none');
      }
      const fault = workspace.hasHistory ? await this.refuseLeap(tx, clock, workspaceId) : undefined;
      if (fault !== undefined) return fault;
      await testClocks.attachWorkspace(tx, id, workspaceId);
      const [subject, reason] = [`workspace ${workspaceId}`, `to be tried out on the clock ${clock.name}`];
      await management.noteStaffAction(tx, { actor: by, action: 'test-clock.attach', subject, reason });
      return { id, isReplay: false };
    });
  }

  /** Sends a clock forward; one that is on its way may be sent further. It is there when its status is `ready`. */
  advance(id: string, to: string): Promise<TestClockOutcome> {
    return this.change(async (tx) => {
      const clock = await testClocks.lockClock(tx, id);
      if (clock === undefined) return unknownClock(id);
      const targetAt = new Date(to);
      const aim = clock.targetAt ?? clock.nowAt;
      if (targetAt.getTime() === aim.getTime()) return { id, isReplay: true };
      const wanted = `an instant after ${aim.toISOString()}`;
      if (targetAt < clock.nowAt) return refuse('test_clock_backwards', 409, 'to', to, wanted);
      if (targetAt < aim) return refuse('test_clock_advancing', 409, 'to', to, wanted);
      await testClocks.setTarget(tx, id, targetAt);
      await work.wakeDispatcher(tx);
      return { id, isReplay: false };
    });
  }

  /** One clock as it stands. */
  async find(id: string): Promise<TestClockOutcome> {
    const clock = await this.view(id);
    return clock === undefined ? unknownClock(id) : { kind: 'done', clock, isReplay: true };
  }

  private async view(id: string): Promise<TestClockView | undefined> {
    const { store } = this.parts;
    const clock = await testClocks.findClock(store, id);
    if (clock === undefined) return undefined;
    const isAdvancing = clock.targetAt !== null;
    const [workspaces, waitsFor] = await Promise.all([
      testClocks.countWorkspaces(store, id),
      isAdvancing ? testClocks.holdingWork(store, { testClockId: id }) : [],
    ]);
    const isBlocked = waitsFor.some(({ isDead }) => isDead);
    return { ...clock, workspaces, waitsFor, status: isBlocked ? 'blocked' : isAdvancing ? 'advancing' : 'ready' };
  }

  /** What has been lived through in the fleet's own time ends now. */
  private async refuseLeap(tx: Tx, { nowAt }: TestClock, workspaceId: string): Promise<Refused | undefined> {
    const now = this.parts.clock.now();
    const found = `a clock that shows ${nowAt.toISOString()}`;
    if (nowAt < now) {
      const wanted = `a clock from ${now.toISOString()} on: the workspace has a history until then`;
      return refuse('test_clock_behind', 409, 'workspaceId', found, wanted);
    }
    const of: TimeOf = { workspaceId };
    const [holding, dues] = await Promise.all([testClocks.holdingWork(tx, of), testClocks.nextDue(tx, of)]);
    if (holding.length > 0) {
      const kinds = holding.map(({ kind }) => kind).join(', ');
      return refuse('workspace_busy', 409, 'workspaceId', `work under way: ${kinds}`, 'the same once it is done');
    }
    const first = dues.find(({ at }) => at < nowAt);
    if (first === undefined) return undefined;
    const wanted = `a clock until ${first.at.toISOString()}, when something is due for the workspace`;
    return refuse('test_clock_ahead', 409, 'workspaceId', found, wanted);
  }

  private async change(
    change: (tx: Tx) => Promise<{ readonly id: string; readonly isReplay: boolean } | Refused>,
  ): Promise<TestClockOutcome> {
    if (this.parts.providerId !== PROVIDER_WITHOUT_MONEY) {
      const wanted = 'a fleet whose provider is the sandbox: no real money on a clock that somebody moves';
      return refuse('test_clock_refused', 409, 'id', `the provider ${this.parts.providerId}`, wanted);
    }
    const outcome = await this.parts.store.transaction(change);
    if ('kind' in outcome) return outcome;
    const found = await this.find(outcome.id);
    return found.kind === 'done' ? { ...found, isReplay: outcome.isReplay } : found;
  }
}

const refuse = (code: string, status: number, field: string, found: string, wanted: string): Refused =>
  refused(status, { code, field, found, wanted });

const unknownClock = (id: string): Refused => refuse('test_clock_unknown', 404, 'id', id, 'the id of a test clock');
