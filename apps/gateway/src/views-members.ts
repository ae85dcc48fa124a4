import { memberRoles, memberStatuses } from '@billfleet/domain';
import type { SeatUse } from '@billfleet/domain';
import type { MemberRow } from '@billfleet/store';
import { z } from 'zod';

const member = z.object({
  id: z.uuid(),
  externalId: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: z.enum(memberRoles),
  status: z.enum(memberStatuses),
  changedAt: z.iso.datetime().nullable(),
});

const use = {
  workspaceId: z.uuid(),
  seats: z
    .int()
    .nullable()
    .meta({ description: 'Null while there has never been a subscription: nothing is counted against.' }),
  seatsInUse: z.int().meta({ description: 'Members who are invited or active.' }),
  overCommitted: z
    .int()
    .meta({ description: 'Members in use beyond the seats. Nobody is disabled for it; new ones are refused.' }),
};
const outcome = z
  .enum(['created', 'changed', 'unchanged', 'late'])
  .meta({ description: '`late`: something newer was known already.' });

/** Answer of `PUT /v1/workspaces/{id}/members/{externalId}`. */
export const memberView = z.object({ ...use, outcome, member }).meta({ id: 'Member' });

/** Answer of `POST /v1/workspaces/{id}/members`. */
export const membersReportedView = z
  .object({ ...use, results: z.array(z.object({ externalId: z.string(), outcome })) })
  .meta({ id: 'MembersReported' });

/** Answer of `GET /v1/workspaces/{id}/members`. */
export const memberPageView = z
  .object({ ...use, members: z.array(member), next: z.uuid().nullable() })
  .meta({ id: 'MemberPage' });

/** Seats and their use as answers show them. */
export const useShown = (
  workspaceId: string,
  { seats, inUse, overBy }: SeatUse,
): Readonly<Record<string, unknown>> => ({
  workspaceId,
  seats,
  seatsInUse: inUse,
  overCommitted: overBy,
});

/** A member as answers show him. */
export const memberShown = ({
  id,
  externalId,
  displayName,
  email,
  role,
  status,
  changedAt,
}: MemberRow): Readonly<Record<string, unknown>> => ({ id, externalId, displayName, email, role, status, changedAt });

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '42000' });

/** Answer of `POST /v1/workspaces/{id}/seat-reductions`. */
export const seatReductionView = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    seatsBefore: z.int(),
    seats: z.int(),
    reason: z.string(),
    actor: z.string(),
    quoteId: z.uuid().nullable(),
    currency: z.string(),
    refundMinor: minor,
    refunds: z
      .array(
        z.object({
          id: z.uuid(),
          orderId: z.uuid(),
          amountMinor: minor,
          status: z.enum(['owed', 'processing', 'succeeded', 'failed']),
        }),
      )
      .meta({ description: 'The parts, each back to the payment that it came from.' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'SeatReduction' });

/** Answer of `GET /v1/workspaces/{id}/seat-check`. */
export const seatCheckView = z
  .object({
    workspaceId: z.uuid(),
    status: z.enum(['requested', 'done']),
    outcome: z.enum(['matches', 'repaired', 'drift', 'no-subscription']).nullable(),
    paid: z.record(z.string(), z.unknown()).nullable(),
    granted: z.record(z.string(), z.unknown()).nullable(),
    requestedAt: z.iso.datetime(),
    checkedAt: z.iso.datetime().nullable(),
    drifts: z
      .array(
        z.object({
          what: z.enum(['seats', 'plan', 'members']),
          paid: z.string(),
          granted: z.string(),
          foundAt: z.iso.datetime(),
        }),
      )
      .meta({ description: 'Differences that are open.' }),
  })
  .meta({ id: 'SeatCheck' });
