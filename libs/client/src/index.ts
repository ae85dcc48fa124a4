export type { EventData, EventType, FleetEvent } from '@billfleet/contracts';
export { InvalidKeyError } from './api-key.js';
export { createBillfleet } from './billfleet.js';
export type { Billfleet, RequestOptions } from './billfleet.js';
export { ProblemError, UnreachableError } from './call-gateway.js';
export type { BillfleetOptions } from './call-gateway.js';
export type {
  OrderHistory,
  OrderRow,
  OrderStatusShown,
  OrderStoryEntry,
  OrderWish,
  RefundOfOrder,
} from './order-history.js';
export { createPublisher } from './publisher.js';
export type { Publisher, PublisherOptions, PublishOptions } from './publisher.js';
export type { BillingDocument, Documents, DocumentsWanted } from './documents.js';
export type { Refund, Refundable, Refunds, Undo } from './refunds.js';
export type { TestClock, TestClocks } from './test-clocks.js';
export { ValidationError } from './validate.js';
export type { InvalidField } from './validate.js';
export { EventVerificationError, verifyEvent } from './verify-event.js';
export type { UnknownEvent } from './verify-event.js';
export type { InvoiceDetails, TaxpayerDetails } from './views-billing-details.js';
export type { Credits, Entitlements, Limit, MeterSeen, Spending, Usage } from './views-usage.js';
export type {
  Accepted,
  MemberReported,
  MembersReported,
  Order,
  PortalSession,
  ProblemBody,
  Quote,
  RequestResult,
  Workspace,
} from './views.js';
