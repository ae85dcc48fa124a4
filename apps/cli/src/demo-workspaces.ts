import type { Workspace } from '@billfleet/store';

/** The two demo workspaces; their ids never change, so that links and scripts keep working. */
export const demoWorkspaces: readonly (Workspace & { readonly billingEmail: string })[] = [
  {
    id: '0190a000-0000-7000-8000-0000000000b1',
    name: 'Padaria Aurora',
    country: 'BR',
    currency: 'BRL',
    timeZone: 'America/Sao_Paulo',
    locale: 'pt-BR',
    billingEmail: 'admin@aurora.example',
    trialEndsOn: null,
  },
  {
    id: '0190a000-0000-7000-8000-0000000000a1',
    name: 'Northwind Studio',
    country: 'US',
    currency: 'USD',
    timeZone: 'America/New_York',
    locale: 'en',
    billingEmail: 'admin@northwind.example',
    trialEndsOn: null,
  },
];

/** Who works at the support console of the demo. */
export const demoStaff = { email: 'support@billfleet.example', name: 'Demo support', role: 'admin' } as const;
