import type { Command, RecordUsage, ReportOutcome, SpendCredits, SpendOutcome } from '@billfleet/billing';
import type { NaturalBatch, ReportUsage, SpendCredits as SpendInput } from '@billfleet/contracts';
import { door } from './doors.js';

/** The doors of what is reported most often: each gathers into set-based commits. */
export class UsageDoors {
  readonly reports: NaturalBatch<Command<ReportUsage>, ReportOutcome>;
  readonly spendings: NaturalBatch<Command<SpendInput>, SpendOutcome>;

  constructor(cases: { readonly reports: RecordUsage; readonly spendings: SpendCredits }) {
    this.reports = door((commands) => cases.reports.run(commands), { waitingMax: 5_000 });
    this.spendings = door((commands) => cases.spendings.run(commands), { waitingMax: 5_000 });
  }
}
