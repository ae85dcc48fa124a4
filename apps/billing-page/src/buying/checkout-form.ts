import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import type { paths } from '../api/schema.js';
import type { Method } from '../api/types.js';

/** What is asked before an order: the way to pay, and whose name stands on what is written about it. */
export type CheckoutValues = {
  /** `stored`: the method that is stored already. */
  readonly way: Method | 'stored';
  readonly installments: string;
  readonly taxpayer: {
    readonly taxId: string;
    readonly name: string;
    readonly email: string;
    readonly postalCode: string;
    readonly address: string;
  };
  readonly wantsInvoice: boolean;
  readonly invoiceDetails: {
    readonly companyName: string;
    readonly taxNumber: string;
    readonly address: string;
    readonly country: string;
    readonly email: string;
  };
};

export type CheckoutForm = UseFormReturnType<CheckoutValues>;
type OrderBody = NonNullable<paths['/v1/orders']['post']['requestBody']>['content']['application/json'];

/** Texts of the faults that the page itself finds: what must not be empty. Everything else is checked by the gateway. */
export type FormTexts = { readonly missing: string };

const emptyTaxpayer = { taxId: '', name: '', email: '', postalCode: '', address: '' };
const emptyInvoice = { companyName: '', taxNumber: '', address: '', country: '', email: '' };

/** The form of a checkout. What was typed stays, whatever is refused. */
export function useCheckoutForm(way: CheckoutValues['way'], needsTaxpayer: boolean, texts: FormTexts): CheckoutForm {
  const missing = (text: string): string | null => (needsTaxpayer && text.trim() === '' ? texts.missing : null);
  return useForm<CheckoutValues>({
    mode: 'controlled',
    initialValues: {
      ...{ way, installments: '1', wantsInvoice: false },
      ...{ taxpayer: emptyTaxpayer, invoiceDetails: emptyInvoice },
    },
    validate: {
      taxpayer: { taxId: missing, name: missing, postalCode: missing, address: missing },
    },
  });
}

/** Only what was filled in. */
function given<T extends Readonly<Record<string, string>>>(fields: T): Partial<T> {
  const entries = Object.entries(fields).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]]));
  return Object.fromEntries(entries) as Partial<T>;
}

type OrderOf = { readonly workspaceId: string; readonly quoteId: string; readonly storedMethod: Method | undefined };

/** The order that a form asks for. */
export function orderBody(
  { way, installments, taxpayer, wantsInvoice, invoiceDetails }: CheckoutValues,
  { workspaceId, quoteId, storedMethod }: OrderOf,
  needsTaxpayer: boolean,
): OrderBody {
  const method = way === 'stored' ? (storedMethod ?? 'card') : way;
  const parts = method === 'card' ? Number(installments) : 1;
  const payment = {
    ...{ collection: 'provider' as const, method, installments: parts },
    ...(way === 'stored' ? { stored: true as const } : {}),
  };
  const { taxId, name, ...rest } = taxpayer;
  return {
    ...{ workspaceId, quoteId, payment },
    ...(needsTaxpayer ? { taxpayer: { taxId: taxId.trim(), name: name.trim(), ...given(rest) } } : {}),
    ...(wantsInvoice ? { invoiceDetails: given(invoiceDetails) } : {}),
  };
}
