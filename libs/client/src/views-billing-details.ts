type Address = {
  readonly addressLines?: readonly string[];
  readonly address?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
};

type Changed = {
  readonly version: number | null;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
};

/** What invoices carry of a workspace. */
export type InvoiceDetails = Changed & {
  readonly workspaceId: string;
  readonly country: string;
  readonly details:
    | (Address & {
        readonly companyName?: string;
        readonly personName?: string;
        readonly taxNumber?: string;
        readonly country?: string;
        readonly email?: string;
      })
    | null;
  /** The country for which the tax number looks right: a buyer there is taxed as a company. */
  readonly taxNumberCountry: string | null;
};

/** Who a workspace is for the tax office, and what an order of it would still have to bring along. */
export type TaxpayerDetails = Changed & {
  readonly workspaceId: string;
  readonly country: string;
  readonly isRequired: boolean;
  readonly missing: readonly ('taxId' | 'name' | 'addressLines' | 'postalCode')[];
  readonly details: (Address & { readonly taxId: string; readonly name: string; readonly email?: string }) | null;
};
