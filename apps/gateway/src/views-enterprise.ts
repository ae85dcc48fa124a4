import { enterpriseRequestStatuses } from '@billfleet/domain';
import { z } from 'zod';

/** A request for an Enterprise contract, and how far it is. */
export const enterpriseRequestView = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    workspaceName: z.string(),
    contact: z.object({
      name: z.string(),
      email: z.string(),
      phone: z.string().optional(),
      company: z.string().optional(),
    }),
    seats: z.int().nullable(),
    message: z.string().nullable(),
    requestedBy: z.string(),
    status: z.enum(enterpriseRequestStatuses),
    createdAt: z.iso.datetime(),
    statusAt: z.iso.datetime(),
    timeline: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: 'EnterpriseRequest' });

/** One page of requests, newest first. */
export const enterpriseRequestsView = z
  .object({
    items: z.array(enterpriseRequestView),
    nextCursor: z.uuid().nullable().meta({ description: 'Asks for the next page; null on the last one.' }),
  })
  .meta({ id: 'EnterpriseRequests' });

/** A contract: a private price list of one workspace. */
export const contractView = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    requestId: z.uuid().nullable(),
    plan: z.string(),
    currency: z.string(),
    monthlyPriceMinor: z.string(),
    seatsMin: z.int().nullable(),
    periodMonths: z.array(z.int()).nullable(),
    limits: z.record(z.string(), z.unknown()).nullable(),
    dueDays: z
      .int()
      .nullable()
      .meta({ description: 'Days after which an invoice is due; null where nothing is sold on account.' }),
    validFrom: z.iso.date(),
    reason: z.string(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    withdrawnAt: z.iso.datetime().nullable(),
    priceListId: z
      .string()
      .meta({ description: 'What quotes and orders under the contract name as their price list.' }),
    orders: z.int().meta({ description: 'How many orders were placed under it; with none it can be withdrawn.' }),
  })
  .meta({ id: 'Contract' });

/** Answer of `POST /v1/contracts/preview`. */
export const contractPreviewView = z
  .object({
    currency: z.string(),
    seats: z.int().meta({ description: 'The least seats of the contract, or one.' }),
    terms: z
      .array(z.object({ periodMonths: z.int(), amountMinor: z.string() }))
      .meta({ description: 'What these seats cost in each term, before taxes.' }),
    replaced: contractView.nullable().meta({ description: 'The contract that prices this plan until then.' }),
  })
  .meta({ id: 'ContractPreview' });

/** The contracts of a workspace, newest first. */
export const contractsView = z.object({ items: z.array(contractView) }).meta({ id: 'Contracts' });

/** The payment outside of every provider that paid an order. */
export const offlinePaymentView = z
  .object({
    id: z.uuid(),
    orderId: z.uuid(),
    attemptId: z.uuid(),
    workspaceId: z.uuid(),
    partner: z.string().nullable(),
    currency: z.string().meta({ description: 'In which it was paid; the books hold the order’s own amount.' }),
    amountMinor: z.string(),
    proofKind: z.string(),
    proofReference: z.string(),
    proofNote: z.string().nullable(),
    paidAt: z.iso.datetime(),
    reason: z.string(),
    recordedBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'OfflinePayment' });
