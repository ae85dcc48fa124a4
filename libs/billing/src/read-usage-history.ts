import { addDays, startOfDay } from '@billfleet/domain';
import type { Catalogue, CivilDate } from '@billfleet/domain';
import { tenants, usageHistory } from '@billfleet/store';
import type { Queryable, UsageLine } from '@billfleet/store';

/** A line with the name of its limit. */
export type UsageTold = UsageLine & { readonly label: string };

/** What is kept of the use of a workspace, page by page. */
export type UsageHistory = {
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly timeZone: string;
  readonly pages: AsyncIterable<readonly UsageTold[]>;
};

/** Days, the first and the last one of which count. */
export type UsageDays = { readonly from?: CivilDate | undefined; readonly to?: CivilDate | undefined };

/** Lines that an export reads at a time. */
const EXPORT_PAGE = 1_000;

/** Reads what is kept of what was used: thresholds that were reached, and the ledger of credits. Counts themselves are kept only as they stand. */
export class ReadUsageHistory {
  constructor(
    private readonly store: Queryable,
    private readonly catalogue: Catalogue,
  ) {}

  /** Everything of some days, newest first, read while it is asked for; undefined for an unknown workspace. */
  async all(workspaceId: string, { from, to }: UsageDays): Promise<UsageHistory | undefined> {
    const workspace = (await tenants.findWorkspaces(this.store, [workspaceId])).get(workspaceId);
    if (workspace === undefined) return undefined;
    const { locale, timeZone } = workspace;
    const days = {
      from: from === undefined ? undefined : startOfDay(from, timeZone),
      before: to === undefined ? undefined : startOfDay(addDays(to, 1), timeZone),
    };
    return { locale, timeZone, pages: this.pagesOf(workspaceId, days) };
  }

  private async *pagesOf(
    workspaceId: string,
    days: { readonly from: Date | undefined; readonly before: Date | undefined },
  ) {
    const { limits, usage } = this.catalogue;
    const labels = new Map(limits.map(({ name, label }) => [name, label]));
    let after: UsageLine | undefined;
    do {
      const filter = { ...days, after, limit: EXPORT_PAGE };
      const lines = await usageHistory.listUsage(this.store, workspaceId, usage.creditLimit ?? '', filter);
      yield lines.map((line): UsageTold => ({ ...line, label: labels.get(line.meter) ?? line.meter }));
      after = lines.length === EXPORT_PAGE ? lines.at(-1) : undefined;
    } while (after !== undefined);
  }
}
