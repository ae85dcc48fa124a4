import type { Transitions } from './machine.js';

/** Where a request for an Enterprise contract stands with sales. */
export type EnterpriseRequestStatus = 'new' | 'contacted' | 'won' | 'lost';

/** The state in which every request begins. */
export const initialEnterpriseRequestStatus: EnterpriseRequestStatus = 'new';

/** Which states may follow each state of a request. Who said no may be asked again. */
export const enterpriseRequestTransitions: Transitions<EnterpriseRequestStatus> = {
  new: ['contacted'],
  contacted: ['won', 'lost'],
  won: [],
  lost: ['contacted'],
};

/** States of a request that nothing follows. */
export const terminalEnterpriseRequestStatuses: readonly EnterpriseRequestStatus[] = ['won'];

/** States in which somebody has to do something; a workspace has at most one such request. */
export const openEnterpriseRequestStatuses: readonly EnterpriseRequestStatus[] = ['new', 'contacted'];

/** Every state, in the order of the pipeline. */
export const enterpriseRequestStatuses = ['new', 'contacted', 'won', 'lost'] as const;
