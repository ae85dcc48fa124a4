import {
  changeCountry,
  invoiceDetails,
  openPortal,
  placeOrder,
  quoteRequest,
  recordPaymentConfirmation,
  registerWorkspace,
  reportUsageBody,
  reportMember,
  reportMembers,
  requestEnterprise,
  requestRenewalReminder,
  requestSeatCheck,
  requestSeatProvisioning,
  spendCreditsBody,
  taxpayer,
} from '@billfleet/contracts';
import type { z } from 'zod';
import { absentIfUnknown, send } from './call-gateway.js';
import type { BillfleetOptions, Call } from './call-gateway.js';
import { documentsOf } from './documents.js';
import type { Documents } from './documents.js';
import { refundsOf } from './refunds.js';
import type { Refunds } from './refunds.js';
import { orderHistoryOf } from './order-history.js';
import type { OrderHistory } from './order-history.js';
import { testClocksOf } from './test-clocks.js';
import type { TestClocks } from './test-clocks.js';
import { validate } from './validate.js';
import type { InvoiceDetails, TaxpayerDetails } from './views-billing-details.js';
import type { Credits, Entitlements, MeterSeen, Spending, Usage } from './views-usage.js';
import type {
  Accepted,
  MemberReported,
  MembersReported,
  Order,
  PortalSession,
  Quote,
  RequestResult,
  Workspace,
} from './views.js';

/** The idempotency key of a call that makes something; each try repeats it, so the fleet acts once. */
export type RequestOptions = { readonly idempotencyKey: string };

type Input<Schema extends z.ZodType> = z.input<Schema>;

/** The HTTP door of the fleet: durable once a call has resolved. */
export type Billfleet = {
  readonly workspaces: {
    /** Needs an admin key. The id is yours, so the same content again changes nothing. */
    register(request: Input<typeof registerWorkspace>): Promise<Workspace>;
    /** Needs an admin key. Only while nothing is paid for or pending: `country_fixed`. The same country again changes nothing. */
    changeCountry(workspaceId: string, request: Input<typeof changeCountry>): Promise<Workspace>;
  };
  readonly details: {
    /** Undefined for an unknown workspace. */
    getInvoice(workspaceId: string): Promise<InvoiceDetails | undefined>;
    /** Replaces all of them; an empty object takes them away. Orders that are there keep what they have. */
    putInvoice(workspaceId: string, details: Input<typeof invoiceDetails>): Promise<InvoiceDetails>;
    /** Undefined for an unknown workspace. `missing` says what an order of it would have to bring along. */
    getTaxpayer(workspaceId: string): Promise<TaxpayerDetails | undefined>;
    /** Brazil only. Orders placed by queue take what is stored here, since no job holds personal data. */
    putTaxpayer(workspaceId: string, details: Input<typeof taxpayer>): Promise<TaxpayerDetails>;
  };
  readonly portalSessions: {
    /** A link that lets one person into the billing page once, within five minutes. Send the browser there at once; each call makes another one. */
    create(request: Input<typeof openPortal>): Promise<PortalSession>;
  };
  readonly quotes: { create(request: Input<typeof quoteRequest>): Promise<Quote> };
  readonly orders: {
    place(request: Input<typeof placeOrder>, options: RequestOptions): Promise<Accepted>;
    /** Undefined when there is no such order. */
    get(orderId: string): Promise<Order | undefined>;
  } & OrderHistory;
  readonly entitlements: {
    /** Undefined while the workspace has never had a subscription or a trial. */
    get(workspaceId: string): Promise<Entitlements | undefined>;
  };
  readonly usage: {
    /** Needs a key of the host product. An older value never replaces a newer one. */
    report(workspaceId: string, request: Input<typeof reportUsageBody>, options: RequestOptions): Promise<MeterSeen>;
    /** Undefined for an unknown workspace. */
    get(workspaceId: string): Promise<Usage | undefined>;
  };
  readonly credits: {
    /** A repeat with the same key answers the same. Without credits it is refused: `credits_exhausted`. */
    spend(workspaceId: string, request: Input<typeof spendCreditsBody>, options: RequestOptions): Promise<Spending>;
    /** Undefined for an unknown workspace. */
    get(workspaceId: string): Promise<Credits | undefined>;
  };
  readonly paymentConfirmations: {
    record(request: Input<typeof recordPaymentConfirmation>, options: RequestOptions): Promise<Accepted>;
  };
  readonly members: {
    /** The member as he is now, under your own id of him. The same again changes nothing. */
    report(workspaceId: string, externalId: string, member: Input<typeof reportMember>): Promise<MemberReported>;
    /** Up to 1,000 members as they are now: all of it holds, or nothing. */
    reportMany(workspaceId: string, members: Input<typeof reportMembers>['members']): Promise<MembersReported>;
  };
  readonly seatChecks: {
    /** Has the fleet ask your product what it gives. Answer as docs/how-to/answer-seat-checks.md says. */
    request(request: Input<typeof requestSeatCheck>, options: RequestOptions): Promise<Accepted>;
  };
  readonly seatProvisionings: {
    request(request: Input<typeof requestSeatProvisioning>, options: RequestOptions): Promise<Accepted>;
  };
  readonly renewalReminders: {
    request(request: Input<typeof requestRenewalReminder>, options: RequestOptions): Promise<Accepted>;
  };
  readonly enterpriseRequests: {
    /** Asks for a contract; while a request of the workspace is open, it is that one. */
    create(request: Input<typeof requestEnterprise>, options: RequestOptions): Promise<Accepted>;
  };
  readonly refunds: Refunds;
  readonly testClocks: TestClocks;
  /** Invoices and credit notes. */
  readonly documents: Documents;
  readonly requests: {
    /** Undefined while nothing has become of the key. */
    get(workspaceId: string, idempotencyKey: string): Promise<RequestResult | undefined>;
  };
};

/** A client of the gateway. Requests are checked against the contracts before they leave; @see ProblemError, ValidationError, UnreachableError. */
export function createBillfleet(options: BillfleetOptions): Billfleet {
  const call = <View>(one: Call): Promise<View> => send(options, one) as Promise<View>;
  const post =
    <Schema extends z.ZodType>(path: string, operation: string, schema: Schema) =>
    async (request: Input<Schema>, { idempotencyKey }: RequestOptions): Promise<Accepted> =>
      call({ method: 'POST', path, body: validate(operation, schema, request), idempotencyKey });
  const get = <View>(path: string): Promise<View | undefined> => absentIfUnknown(call<View>({ method: 'GET', path }));
  return {
    workspaces: {
      register: async (request) =>
        call({
          method: 'POST',
          path: '/v1/workspaces',
          body: validate('workspaces.register', registerWorkspace, request),
        }),
      changeCountry: async (workspaceId, request) =>
        call({
          method: 'PUT',
          path: pathOf(workspaceId, 'country'),
          body: validate('workspaces.changeCountry', changeCountry, request),
        }),
    },
    details: detailsOf({ call, get }),
    portalSessions: portalSessionsOf(call),
    quotes: {
      create: async (request) =>
        call({ method: 'POST', path: '/v1/quotes', body: validate('quotes.create', quoteRequest, request) }),
    },
    orders: {
      place: post('/v1/orders', 'order.place', placeOrder),
      get: (orderId) => get(`/v1/orders/${encodeURIComponent(orderId)}`),
      ...orderHistoryOf(options, call),
    },
    entitlements: { get: (workspaceId) => get(pathOf(workspaceId, 'entitlements')) },
    ...aboutUse({ call, get }),
    paymentConfirmations: {
      record: post('/v1/payment-confirmations', 'payment-confirmation.record', recordPaymentConfirmation),
    },
    members: membersOf(call),
    seatChecks: { request: post('/v1/seat-checks', 'seat-check.request', requestSeatCheck) },
    seatProvisionings: {
      request: post('/v1/seat-provisionings', 'seat-provisioning.request', requestSeatProvisioning),
    },
    renewalReminders: {
      request: post('/v1/renewal-reminders', 'renewal-reminder.request', requestRenewalReminder),
    },
    enterpriseRequests: {
      create: post('/v1/enterprise-requests', 'enterprise.request', requestEnterprise),
    },
    refunds: refundsOf(call),
    testClocks: testClocksOf(call),
    documents: documentsOf(options),
    requests: {
      get: (workspaceId, key) =>
        get(`/v1/workspaces/${encodeURIComponent(workspaceId)}/requests/${encodeURIComponent(key)}`),
    },
  };
}

const pathOf = (workspaceId: string, what: string): string =>
  `/v1/workspaces/${encodeURIComponent(workspaceId)}/${what}`;

type Caller = {
  readonly call: <View>(one: Call) => Promise<View>;
  readonly get: <View>(path: string) => Promise<View | undefined>;
};

const aboutUse = ({ call, get }: Caller): Pick<Billfleet, 'usage' | 'credits'> => ({
  usage: {
    report: async (workspaceId, request, { idempotencyKey }) => {
      const body = validate('usage.report', reportUsageBody, request);
      return call({ method: 'POST', path: pathOf(workspaceId, 'usage'), body, idempotencyKey });
    },
    get: (workspaceId) => get(pathOf(workspaceId, 'usage')),
  },
  credits: {
    spend: async (workspaceId, request, { idempotencyKey }) => {
      const body = validate('credits.spend', spendCreditsBody, request);
      return call({ method: 'POST', path: pathOf(workspaceId, 'credits/spend'), body, idempotencyKey });
    },
    get: (workspaceId) => get(pathOf(workspaceId, 'credits')),
  },
});

const detailsOf = ({ call, get }: Caller): Billfleet['details'] => ({
  getInvoice: (workspaceId) => get(pathOf(workspaceId, 'invoice-details')),
  putInvoice: async (workspaceId, details) => {
    const body = validate('details.putInvoice', invoiceDetails, details);
    return call({ method: 'PUT', path: pathOf(workspaceId, 'invoice-details'), body });
  },
  getTaxpayer: (workspaceId) => get(pathOf(workspaceId, 'taxpayer-details')),
  putTaxpayer: async (workspaceId, details) => {
    const body = validate('details.putTaxpayer', taxpayer, details);
    return call({ method: 'PUT', path: pathOf(workspaceId, 'taxpayer-details'), body });
  },
});

const portalSessionsOf = (call: Caller['call']): Billfleet['portalSessions'] => ({
  create: async (request) =>
    call({ method: 'POST', path: '/v1/portal-sessions', body: validate('portalSessions.create', openPortal, request) }),
});

const membersOf = (call: Caller['call']): Billfleet['members'] => ({
  report: async (workspaceId, externalId, member) =>
    call({
      method: 'PUT',
      path: `/v1/workspaces/${encodeURIComponent(workspaceId)}/members/${encodeURIComponent(externalId)}`,
      body: validate('members.report', reportMember, member),
    }),
  reportMany: async (workspaceId, members) =>
    call({
      method: 'POST',
      path: `/v1/workspaces/${encodeURIComponent(workspaceId)}/members`,
      body: validate('members.reportMany', reportMembers, { members }),
    }),
});
