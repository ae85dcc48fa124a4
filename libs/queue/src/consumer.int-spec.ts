import { renewalReminderQueue, WORK_JOB } from '@billfleet/contracts';
import type { IntakeEnvelope, WorkMark } from '@billfleet/contracts';
import { createBase, loadConfig } from '@billfleet/platform';
import type { Base } from '@billfleet/platform';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Processor } from '@nestjs/bullmq';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Queue } from 'bullmq';
import type { Job } from 'bullmq';
import {
  consumerConnection,
  consumerModules,
  consumerOptions,
  queueConnection,
  QueueConsumer,
  Shouter,
} from './index.js';
import type { Desk, WorkOutcome } from './index.js';

const SECRETS = {
  BILLFLEET_SANDBOX_API_KEY: 'sk_sandbox_0123456789abcdef',
  BILLFLEET_SANDBOX_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  BILLFLEET_HOST_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  BILLFLEET_LINK_SECRET: 'a-link-secret-for-tests',
  BILLFLEET_OPS_PASSWORD: 'a-password-for-tests',
};

const ENVELOPE: IntakeEnvelope = { body: '{}', publisher: 'abc123', signature: 'a'.repeat(64) };

class RecordingDesk implements Desk {
  readonly batches: (readonly WorkMark[])[] = [];
  readonly taken: IntakeEnvelope[] = [];
  outcomeOf: (mark: WorkMark) => WorkOutcome = () => ({ kind: 'done' });
  before: () => Promise<void> = () => Promise.resolve();
  intakeError: Error | undefined;
  intakeTries = 0;
  isOutage: (error: unknown) => boolean = () => false;

  async runWork(marks: readonly WorkMark[]): Promise<readonly WorkOutcome[]> {
    this.batches.push(marks);
    await this.before();
    return marks.map((mark) => this.outcomeOf(mark));
  }
  takeIntake(envelopes: readonly IntakeEnvelope[]): Promise<readonly undefined[]> {
    this.intakeTries += 1;
    if (this.intakeError !== undefined) return Promise.reject(this.intakeError);
    this.taken.push(...envelopes);
    return Promise.resolve(envelopes.map(() => undefined));
  }
}

@Processor(renewalReminderQueue.name, consumerOptions(renewalReminderQueue))
class TestProcessor extends QueueConsumer {
  constructor(desk: Desk, base: Base) {
    super(renewalReminderQueue, desk, base);
  }
}

const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('QueueConsumer', () => {
  let base: Base;
  let desk: RecordingDesk;
  let queue: Queue;
  let shouter: Shouter;
  let app: INestApplicationContext;

  beforeEach(async () => {
    base = createBase('test', loadConfig({ ...process.env, ...SECRETS, LOG_LEVEL: 'silent' }));
    desk = new RecordingDesk();
    const connection = queueConnection(base);
    queue = new Queue(renewalReminderQueue.name, {
      connection: consumerConnection(connection.redisUrl),
      prefix: connection.prefix,
    });
    await queue.waitUntilReady();
    await queue.obliterate({ force: true });
    shouter = new Shouter(connection, base.log);
    await shouter.connect(5_000);
    const module = await Test.createTestingModule({
      imports: consumerModules(renewalReminderQueue, base),
      providers: [{ provide: TestProcessor, useFactory: () => new TestProcessor(desk, base) }],
    }).compile();
    app = await module.init();
  });

  afterEach(async () => {
    await app.close();
    await shouter.close();
    await queue.close();
  });

  test('what gathers while a batch is in flight is done in the next one', async () => {
    let release: () => void = () => undefined;
    desk.before = () => (desk.batches.length === 1 ? new Promise((resolve) => (release = resolve)) : Promise.resolve());
    shouter.shout('renewal-reminder', [['1', 1]]);
    await until('the first batch', () => desk.batches.length === 1);
    for (const id of ['2', '3', '4']) {
      shouter.shout('renewal-reminder', [[id, 1]]);
      await shouter.flush();
    }
    await until(
      'all jobs in hand',
      async () => (await queue.getActiveCount()) >= 2 && (await queue.getWaitingCount()) === 0,
    );
    release();
    await until('the rest', () => desk.batches.flat().length === 4);
    expect(desk.batches.flat().map(([id]) => id)).toEqual(['1', '2', '3', '4']);
    expect(desk.batches.length).toBeLessThan(4);
  });

  test('a job fails with the reason of each of its failed rows, and a retry does them', async () => {
    desk.outcomeOf = ([id]) => (id === '8' ? { kind: 'failed', reason: 'the plan is unknown' } : { kind: 'done' });
    shouter.shout('renewal-reminder', [
      ['7', 1],
      ['8', 1],
    ]);
    await until('the failed job', async () => (await queue.getFailedCount()) === 1);
    const [job] = await queue.getFailed();
    expect(job?.failedReason).toBe('work 8: the plan is unknown');
    desk.outcomeOf = () => ({ kind: 'done' });
    await job?.retry();
    await until(
      'the retried job',
      async () => (await queue.getFailedCount()) === 0 && (await queue.getActiveCount()) === 0,
    );
    expect(desk.batches.at(-1)?.map(([id]) => id)).toEqual(['7', '8']);
  });

  test.each([
    ['a shout that is none', WORK_JOB, { work: [['not a number', 1]] }, /not a shout/],
    ['a name that nobody knows', 'surprise', {}, /unknown job name surprise/],
    ['an intake job without messages', 'renewal-reminder.request', { intake: [] }, /not an intake job/],
  ])('refuses %s at once and visibly', async (_, name, data, reason) => {
    await queue.add(name, data, { attempts: 5 });
    await until('the failed job', async () => (await queue.getFailedCount()) === 1);
    const [job] = await queue.getFailed();
    expect(job?.failedReason).toMatch(reason);
    expect(job?.attemptsMade).toBe(1);
  });

  test('an intake message that could not be committed is put off, as often as it takes and whatever its publisher allowed', async () => {
    desk.intakeError = new Error('a passing error');
    await queue.add('renewal-reminder.request', { intake: [ENVELOPE] }, { attempts: 1 });
    const jobInQueue = async (): Promise<Job | undefined> => (await queue.getJobs(['delayed', 'waiting', 'active']))[0];
    await until('a second start', async () => ((await jobInQueue())?.attemptsStarted ?? 0) > 1);
    await until('the job put off', async () => (await queue.getDelayedCount()) === 1);
    expect(await jobInQueue()).toMatchObject({ attemptsMade: 0, delay: 1_000 });
    expect(await queue.getFailedCount()).toBe(0);
    desk.intakeError = undefined;
    await until('the message', () => desk.taken.length === 1);
    expect(desk.taken).toEqual([ENVELOPE]);
    await until('an empty queue', async () => (await queue.getActiveCount()) === 0);
    expect(await queue.getFailedCount()).toBe(0);
  });

  test('an intake message that can never be committed fails at once', async () => {
    desk.intakeError = Object.assign(new Error('nobody signed it'), { isHopeless: true });
    await queue.add('renewal-reminder.request', { intake: [ENVELOPE] }, { attempts: 5 });
    await until('the failed job', async () => (await queue.getFailedCount()) === 1);
    const [job] = await queue.getFailed();
    expect(job).toMatchObject({ failedReason: 'nobody signed it', attemptsMade: 1 });
  });

  test.each([
    ['as one while PostgreSQL is away', true, 1],
    ['one by one otherwise', false, 3],
  ])('messages that came together fail %s', async (_, isOutage, tries) => {
    desk.intakeError = new Error('no');
    desk.isOutage = () => isOutage;
    await queue.add('renewal-reminder.request', { intake: [ENVELOPE, ENVELOPE] });
    await until('the job put off', async () => (await queue.getDelayedCount()) === 1);
    expect(desk.intakeTries).toBe(tries);
  });

  test('closing waits for what is in hand', async () => {
    let release: () => void = () => undefined;
    let isDone = false;
    desk.before = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      isDone = true;
    };
    shouter.shout('renewal-reminder', [['5', 1]]);
    await until('the batch', () => desk.batches.length === 1);
    const closed = app.close();
    release();
    await closed;
    expect(isDone).toBe(true);
  });
});
