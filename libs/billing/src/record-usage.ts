import { countReport, mayAddRecords, USAGE_MAX, usedPercent } from '@billfleet/domain';
import type { Entitlement, LimitDefinition, UsageReport } from '@billfleet/domain';
import type { ReportUsage } from '@billfleet/contracts';
import { tenants, usage } from '@billfleet/store';
import type { MeterRow, Problem, Tx, UsageGround } from '@billfleet/store';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, FreshOutcome } from './requests-once.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import { UsageNews } from './usage-news.js';
import { limitOf, rollMeter, standingOf } from './usage-standing.js';

/** A meter after a report. `isCounted` is left out of a replay: false where something newer was counted already. */
export type MeterSeen = {
  readonly workspaceId: string;
  readonly meter: string;
  readonly used: number;
  readonly limit: Entitlement;
  /** Rounded down; null where the limit is no amount. */
  readonly percent: number | null;
  readonly newRecordsAllowed: boolean;
  readonly isCounted?: boolean;
  readonly isReplay: boolean;
};

type Refused = { readonly kind: 'refused'; readonly problem: Problem };

/** What a report came to. */
export type ReportOutcome = { readonly kind: 'reported'; readonly seen: MeterSeen } | Refused;

type ReportCommand = Command<ReportUsage>;
type OpenMeter = { row: MeterRow; readonly ground: UsageGround; readonly now: Date };

/** Clocks of services may differ by so much; what was seen later than that was not seen. */
const CLOCKS_DIFFER_MS_MAX = 300_000;

/** Counts what upstream services report of limits, tells thresholds, and starts or clears the clock of a breach. */
export class RecordUsage {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** All at once; each key counts once for ever. A batch counts its reports one after the other, in order. */
  run(commands: readonly ReportCommand[]): Promise<readonly ReportOutcome[]> {
    return this.parts.store.transaction(async (tx) => {
      const batch = new Batch(this.parts);
      await batch.open(tx, commands);
      // Meters are locked before keys are looked up: whoever used a key first has committed by then.
      const outcomes = await answerOnce(tx, 'usage.report', commands, (fresh) =>
        Promise.resolve(fresh.map((command) => batch.count(command))),
      );
      await batch.save(tx);
      return commands.map((command, index): ReportOutcome => {
        const outcome = outcomes[index];
        if (outcome?.kind === 'refused') return outcome;
        return batch.see(command, outcome?.isReplay ?? false);
      });
    });
  }
}

/** The meters of one transaction while reports are counted on them. */
class Batch {
  private readonly meters = new Map<string, OpenMeter>();
  private readonly isCounted = new Map<ReportCommand, boolean>();
  private readonly touched = new Set<OpenMeter>();
  /** What time it is for each workspace that there is. */
  private readonly times = new Map<string, Date>();
  private readonly news: UsageNews;

  constructor(private readonly parts: ApplyOrdersParts) {
    this.news = new UsageNews(parts);
  }

  async open(tx: Tx, commands: readonly ReportCommand[]): Promise<void> {
    const asked = commands.map(({ input }) => input.workspaceId);
    for (const [id, workspace] of await tenants.findWorkspaces(tx, asked)) {
      this.times.set(id, this.parts.clock.nowOf(workspace));
    }
    const names = commands.filter((command) => this.refuse(command) === undefined).map(({ input }) => input);
    const ids = names.map(({ workspaceId }) => workspaceId);
    const [rows, grounds] = await Promise.all([usage.openMeters(tx, names), usage.findUsageGrounds(tx, ids)]);
    for (const [name, row] of rows) {
      const ground = grounds.get(row.workspaceId);
      if (ground !== undefined) this.meters.set(name, { row, ground, now: this.parts.clock.nowOf(ground) });
    }
  }

  count(command: ReportCommand): FreshOutcome {
    const { input } = command;
    const problem = this.refuse(command);
    if (problem !== undefined) return problem;
    const meter = this.meters.get(usage.meterNameText(input));
    if (meter === undefined) return unknownWorkspace(input.workspaceId);
    const before = input.change === undefined ? meter.row : this.roll(meter);
    const outcome = countReport(before, reportOf(input), input.change === undefined ? null : before.since);
    if (outcome.kind === 'overflow') {
      return refused(422, {
        code: 'usage_out_of_range',
        field: 'change',
        found: `${String(before.used)} + ${String(input.change)}`,
        wanted: `a sum of at most ${String(USAGE_MAX)}`,
      });
    }
    this.isCounted.set(command, outcome.isCounted);
    meter.row = this.judge(meter, { ...before, ...outcome.count });
    this.touched.add(meter);
    return { kind: 'accepted', ref: input.workspaceId };
  }

  see(command: ReportCommand, isReplay: boolean): ReportOutcome {
    const meter = this.meters.get(usage.meterNameText(command.input));
    if (meter === undefined) return unknownWorkspace(command.input.workspaceId);
    const { workspaceId, meter: name, used, breachEndsAt } = meter.row;
    const limit = limitOf(this.standing(meter).limits, name);
    const counted = isReplay ? undefined : this.isCounted.get(command);
    return {
      kind: 'reported',
      seen: {
        ...{ workspaceId, meter: name, used, limit, percent: usedPercent(used, limit) },
        newRecordsAllowed: mayAddRecords(limit, breachEndsAt, meter.now),
        ...(counted === undefined ? {} : { isCounted: counted }),
        isReplay,
      },
    };
  }

  async save(tx: Tx): Promise<void> {
    await usage.saveMeters(
      tx,
      [...this.touched].map(({ row }) => row),
    );
    await this.news.tell(tx);
  }

  private standing({ ground, now }: OpenMeter): ReturnType<typeof standingOf> {
    return standingOf(this.parts.catalogue, ground, now);
  }

  private judge(meter: OpenMeter, row: MeterRow): MeterRow {
    return this.news.judge(row, limitOf(this.standing(meter).limits, row.meter), meter.ground);
  }

  /** A month that has ended takes its breach along before anything of the new one is counted. */
  private roll(meter: OpenMeter): MeterRow {
    const rolled = rollMeter(meter.row, this.standing(meter).anchorOn, meter.ground.timeZone, meter.now);
    return rolled === meter.row ? rolled : this.judge(meter, rolled);
  }

  private refuse({ input, actorWorkspaceId }: ReportCommand): Refused | undefined {
    if (actorWorkspaceId !== null) {
      return refused(403, {
        code: 'usage_report_not_allowed',
        field: 'Authorization',
        found: "a workspace's own key",
        wanted: 'a key of the host product: nobody counts his own use',
      });
    }
    const { limits, usage: rules } = this.parts.catalogue;
    const definition = limits.find(({ name }) => name === input.meter);
    if (definition === undefined) {
      const wanted = `one of ${limits.map(({ name }) => name).join(', ')}`;
      return refused(422, { code: 'meter_unknown', field: 'meter', found: input.meter, wanted });
    }
    if (input.meter === rules.creditLimit) {
      const wanted = 'POST /v1/workspaces/{id}/credits/spend: these are counted by their ledger';
      return refused(422, { code: 'meter_not_reported', field: 'meter', found: input.meter, wanted });
    }
    const now = this.times.get(input.workspaceId);
    return refuseForm(definition, input) ?? (now === undefined ? undefined : refuseFuture(input, now));
  }
}

function refuseForm({ name, resets }: LimitDefinition, { change }: ReportUsage): Refused | undefined {
  const isMonthly = resets === 'monthly';
  if (isMonthly === (change !== undefined)) return undefined;
  const [field, found, wanted] = isMonthly
    ? ['value', 'how many there are', `change: ${name} begins anew each month, so what is added is counted`]
    : ['change', 'how many more', `value: of ${name} it is counted how many there are`];
  return refused(422, { code: 'usage_form_wrong', field, found, wanted });
}

function refuseFuture({ observedAt }: ReportUsage, now: Date): Refused | undefined {
  if (Date.parse(observedAt) <= now.getTime() + CLOCKS_DIFFER_MS_MAX) return undefined;
  const wanted = `an instant up to now, which is ${now.toISOString()}`;
  return refused(422, { code: 'observed_in_future', field: 'observedAt', found: observedAt, wanted });
}

function reportOf({ value, change, observedAt }: ReportUsage): UsageReport {
  const at = { observedAt: new Date(observedAt) };
  return change === undefined ? { ...at, value: value ?? 0 } : { ...at, change };
}
