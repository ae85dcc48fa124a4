import type { InvoiceDetails, Taxpayer } from '@billfleet/contracts';
import { checkInvoiceDetails, checkTaxpayer, taxIdRequired, taxNumberCountry } from '@billfleet/domain';
import type { DetailsOutcome } from '@billfleet/domain';
import { billingDetails } from '@billfleet/store';
import type { DetailsKind, DetailsOf, DetailsView, Problem, Store } from '@billfleet/store';
import { refused, unknownWorkspace } from './requests-once.js';

/** Details as they are from now on, or why they stay as they were. */
export type KeptDetails<Kind extends DetailsKind> =
  { readonly kind: 'kept'; readonly view: DetailsView<Kind> } | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Keeps what invoices carry of a workspace and who pays its taxes, with a history of who changed them when. Orders copy them at their
 * placing, so a change touches no order that is there already.
 */
export class KeepDetails {
  constructor(private readonly store: Store) {}

  /** All invoice details at once; none of them takes them away. The same again changes nothing. */
  async keepInvoiceDetails(workspaceId: string, given: InvoiceDetails, actor: string): Promise<KeptDetails<'invoice'>> {
    const wanted = Object.keys(given).length === 0 ? null : given;
    return this.keep({ kind: 'invoice', workspaceId, actor, wanted }, (country, details) =>
      checkInvoiceDetails(country, details),
    );
  }

  /** All taxpayer details at once, complete by the rules of Brazil; other countries ask for none. The same again changes nothing. */
  async keepTaxpayer(workspaceId: string, given: Taxpayer, actor: string): Promise<KeptDetails<'taxpayer'>> {
    return this.keep({ kind: 'taxpayer', workspaceId, actor, wanted: given }, (country, details) =>
      taxIdRequired(country) ? checkTaxpayer(country, details) : refuseElsewhere(country),
    );
  }

  private async keep<Kind extends DetailsKind>(
    { kind, workspaceId, actor, wanted }: Wish<Kind>,
    check: (country: string, given: DetailsOf<Kind>) => DetailsOutcome<object>,
  ): Promise<KeptDetails<Kind>> {
    return this.store.transaction(async (tx): Promise<KeptDetails<Kind>> => {
      const before = await billingDetails.lockDetails(tx, kind, workspaceId);
      if (before === undefined) return unknownWorkspace(workspaceId);
      const checked = wanted === null ? undefined : check(before.country, wanted);
      if (checked?.kind === 'refused') return refused(422, checked.refusal);
      const details = (checked?.details ?? null) as DetailsOf<Kind> | null;
      const fields = fieldsThatDiffer(before.details, details);
      if (fields.length === 0) return { kind: 'kept', view: before };
      await billingDetails.writeDetails(tx, {
        ...{ workspaceId, kind, fields, changedBy: actor },
        details: details === null ? null : JSON.stringify(details),
        taxNumberCountry: kind === 'invoice' ? (taxNumberCountry(before.country, details) ?? null) : null,
      });
      const view = await billingDetails.viewDetails(tx, kind, workspaceId);
      return { kind: 'kept', view: view ?? before };
    });
  }
}

type Wish<Kind extends DetailsKind> = {
  readonly kind: Kind;
  readonly workspaceId: string;
  readonly actor: string;
  readonly wanted: DetailsOf<Kind> | null;
};

function refuseElsewhere(country: string): DetailsOutcome<never> {
  const wanted = 'a workspace in Brazil; invoice details are there for every country';
  return {
    kind: 'refused',
    refusal: { code: 'taxpayer_not_asked', field: 'id', found: `a workspace in ${country}`, wanted },
  };
}

/** The names of the fields that two sets of details say differently. */
function fieldsThatDiffer(before: object | null, after: object | null): readonly string[] {
  const [old, now] = [before ?? {}, after ?? {}].map((details) => new Map(Object.entries(details)));
  const names = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...names].filter((name) => JSON.stringify(old?.get(name)) !== JSON.stringify(now?.get(name))).sort();
}
