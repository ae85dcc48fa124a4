export type { AuditQuery, TruthKind } from './audit-query.js';
export { auditQueries, runAudits } from './run-audits.js';
export type { AuditResult } from './run-audits.js';
export type { MailDelivery, ProviderPayment, Truth } from './truth.js';
