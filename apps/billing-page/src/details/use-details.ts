import { taken, useActing } from '../api/acting.js';
import type { Acting } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { asProblem } from '../api/problem.js';
import type { paths } from '../api/schema.js';
import { useMe } from '../shell/me.js';
import { given, useFaultsAt } from './details-form.js';
import type { DetailsForm, DetailsValues } from './details-form.js';

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

/** What is stored of whom orders bill. */
export type Details = {
  readonly taxpayer: Answer<'/v1/workspaces/{id}/taxpayer-details'>;
  readonly invoice: Answer<'/v1/workspaces/{id}/invoice-details'>;
};

/** Both kinds of details; undefined until both are there. */
export function useDetails(): { readonly details: Details | undefined; readonly error: unknown } {
  const { id } = useMe().workspace;
  const params = { path: { id } };
  const taxpayer = api.useQuery('get', '/v1/workspaces/{id}/taxpayer-details', { params });
  const invoice = api.useQuery('get', '/v1/workspaces/{id}/invoice-details', { params });
  const isThere = taxpayer.data !== undefined && invoice.data !== undefined;
  return {
    details: isThere ? { taxpayer: taxpayer.data, invoice: invoice.data } : undefined,
    error: taxpayer.error ?? invoice.error,
  };
}

/** Stores what was filled in. Orders copy it when they are placed. What is refused is said at its field. */
export function useSaveDetails(
  form: DetailsForm,
  needsTaxpayer: boolean,
  onSaved: () => void,
): Acting<DetailsValues, void> {
  const { id } = useMe().workspace;
  const faultsAt = useFaultsAt();
  const params = { path: { id } };
  const part = async (name: 'taxpayer' | 'invoice', saving: () => Promise<unknown>): Promise<void> => {
    try {
      await saving();
    } catch (thrown) {
      form.setErrors(faultsAt(name, asProblem(thrown)));
      throw thrown;
    }
  };
  return useActing(async ({ taxpayer, wantsInvoice, invoice }: DetailsValues) => {
    const { taxId, name, ...rest } = taxpayer;
    if (needsTaxpayer) {
      const body = { taxId: taxId.trim(), name: name.trim(), ...given(rest) };
      await part('taxpayer', () => taken(http.PUT('/v1/workspaces/{id}/taxpayer-details', { params, body })));
    }
    const { country, ...others } = invoice;
    const body = wantsInvoice ? { ...given(others), ...given({ country: country.toUpperCase() }) } : {};
    await part('invoice', () => taken(http.PUT('/v1/workspaces/{id}/invoice-details', { params, body })));
  }, onSaved);
}
