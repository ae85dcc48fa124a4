/** Roles of people of one workspace, weakest first. A member looks, a billing contact pays, an admin decides. */
export const workspaceRoles = ['member', 'billing-contact', 'workspace-admin'] as const;

/** Roles for every workspace: services of the host product, and staff, who look, help customers, run the fleet, or do everything. */
export const staffRoles = ['viewer', 'service', 'support', 'operator', 'admin'] as const;

/** Everybody who may ask the fleet for something. */
export const roles = [...workspaceRoles, ...staffRoles] as const;

export type WorkspaceRole = (typeof workspaceRoles)[number];
export type StaffRole = (typeof staffRoles)[number];
export type Role = WorkspaceRole | StaffRole;

const everybody = roles;
const doers = ['service', 'support', 'operator', 'admin'] as const;
const invoiceReaders = ['billing-contact', 'workspace-admin', ...staffRoles] as const;
const payers = ['billing-contact', 'workspace-admin', ...doers] as const;
const deciders = ['workspace-admin', ...doers] as const;
const services = ['service', 'operator', 'admin'] as const;
const onlookers = ['viewer', 'support', 'operator', 'admin'] as const;
/** Money and seats of customers are no business of those who run the fleet. */
const supporters = ['support', 'admin'] as const;
const operators = ['operator', 'admin'] as const;
const admins = ['admin'] as const;

/** What can be done, in words, and which roles may do it. The order is that of the reference. */
export const permissions = {
  'read-billing': { about: 'see orders, reminders, requests and what the workspace may use', roles: everybody },
  'see-invoices': { about: 'see and download invoices', roles: invoiceReaders },
  'see-details': { about: 'see invoice and taxpayer details; staff see tax numbers masked', roles: invoiceReaders },
  'change-details': { about: 'change invoice and taxpayer details', roles: payers },
  pay: { about: 'pay an order, in another way too, and say that it was paid', roles: payers },
  buy: { about: 'price and order a purchase or a change of the subscription', roles: deciders },
  cancel: { about: 'cancel an order that is not paid', roles: deciders },
  undo: { about: 'undo a paid change on its own day', roles: deciders },
  'switch-auto-renewal': { about: 'turn automatic renewal on and off', roles: deciders },
  'request-contract': { about: 'ask for an Enterprise contract', roles: deciders },
  'see-request': {
    about: 'see what became of a request for a contract',
    roles: ['workspace-admin', 'viewer', ...doers],
  },
  provision: { about: 'have paid orders applied and the host product told, or a reminder sent', roles: deciders },
  'collect-upstream': { about: 'collect money outside of the fleet and confirm it', roles: services },
  'open-portals': { about: 'make links that let people into the billing page', roles: services },
  'register-workspaces': { about: 'register workspaces', roles: services },
  'report-usage': { about: 'report what is used, and spend credits', roles: services },
  'report-members': { about: 'report who uses a workspace', roles: services },
  'check-seats': { about: 'have the host product asked what it really gives', roles: doers },
  'read-events': { about: 'see events, and every try to tell the host product', roles: staffRoles },
  'redeliver-events': { about: 'have the host product told of an event again', roles: doers },
  'find-workspaces': { about: 'look for workspaces, what staff did and what is owed to them', roles: onlookers },
  'see-desk': {
    about: 'see refunds, chargebacks, contracts and their requests, payments outside, seats taken and closings',
    roles: onlookers,
  },
  refund: { about: 'price and give refunds, grant credit, write money off', roles: supporters },
  'decide-chargebacks': { about: 'decide about a workspace whose bank took a payment back', roles: supporters },
  'reduce-seats': { about: 'take seats away in the middle of a term', roles: supporters },
  'close-subscriptions': { about: 'end a subscription before its term', roles: supporters },
  'manage-contracts': { about: 'work on Enterprise requests, make and withdraw contracts', roles: supporters },
  'record-offline-payment': { about: 'mark an order as paid outside, with proof', roles: supporters },
  'retry-work': { about: 'retry owed work and put it aside', roles: operators },
  'move-test-clocks': { about: 'make test clocks, put workspaces on them and move them', roles: services },
  'move-price-lists': { about: 'move a workspace to another price list from its next renewal on', roles: admins },
  'manage-keys': { about: 'whatever a route does not say that it does', roles: admins },
} as const satisfies Readonly<Record<string, { readonly about: string; readonly roles: readonly Role[] }>>;

/** Something that a role may or may not do. */
export type Action = keyof typeof permissions;

/** Every action, in the order of the table. */
export const actions = Object.keys(permissions) as readonly Action[];

/** Who may do something, weakest first. */
export function rolesFor(action: Action): readonly Role[] {
  return permissions[action].roles;
}

/** Whether a role may do something. */
export function mayRole(role: Role, action: Action): boolean {
  return rolesFor(action).includes(role);
}

/** Whether a text names a role. */
export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

/** Whether a role belongs to one workspace. */
export function isWorkspaceRole(text: string): text is WorkspaceRole {
  return workspaceRoles.some((role) => role === text);
}

/** The role of a key that was made without one: what it could do before there were roles. */
export function defaultRole(key: { readonly scopes: readonly string[]; readonly workspaceId: string | null }): Role {
  if (key.workspaceId !== null) return 'workspace-admin';
  return key.scopes.includes('admin') ? 'admin' : 'service';
}
