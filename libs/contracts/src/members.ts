import { memberRoles, memberStatuses } from '@billfleet/domain';
import { z } from 'zod';
import { seatCount, uuid } from './commands.js';
import { instantText } from './instant.js';
import { shortText } from './texts.js';

/** Most members that one request may report. */
export const MEMBERS_MAX = 1_000;
/** Most members that one page may show. */
export const MEMBERS_PER_PAGE_MAX = 200;
const MEMBERS_PER_PAGE = 50;

/** A member's id in the host product. */
export const memberExternalId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,119}$/, {
    error: '1 to 120 letters, digits, ".", "_", ":", "@" and "-", beginning with a letter or digit',
  })
  .meta({ description: 'The id of the member in the host product.' });

const reported = {
  displayName: shortText(200),
  email: z.email({ error: 'an e-mail address' }).max(254).optional(),
  role: z.enum(memberRoles).default('member'),
  status: z.enum(memberStatuses).meta({ description: 'Invited and active members use a seat; disabled ones do not.' }),
  changedAt: instantText({ error: 'an instant in UTC such as 2026-10-05T15:00:00Z' }).optional().meta({
    description: 'When it changed in the host product. A report that is older than the last one is left out.',
  }),
};

/** Body of `PUT /v1/workspaces/{id}/members/{externalId}`: a member as he is now. */
export const reportMember = z.strictObject(reported).meta({ id: 'ReportMember' });

/** Body of `POST /v1/workspaces/{id}/members`: many members as they are now, as one change. */
export const reportMembers = z
  .strictObject({
    members: z
      .array(z.strictObject({ externalId: memberExternalId, ...reported }))
      .min(1)
      .max(MEMBERS_MAX)
      .refine((members) => new Set(members.map(({ externalId }) => externalId)).size === members.length, {
        error: 'each externalId once',
      }),
  })
  .meta({ id: 'ReportMembers' });

/** Query of `GET /v1/workspaces/{id}/members`. */
export const memberQuery = z.strictObject({
  status: z.enum(memberStatuses).optional(),
  after: uuid.optional().meta({ description: '`next` of the page before.' }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MEMBERS_PER_PAGE_MAX, {
      error: `a whole number from 1 to ${String(MEMBERS_PER_PAGE_MAX)}`,
    })
    .optional()
    .transform((limit) => limit ?? MEMBERS_PER_PAGE),
});

/** Body of `POST /v1/workspaces/{id}/seat-reductions`: fewer seats at once, by staff. */
export const reduceSeats = z
  .strictObject({
    seats: seatCount.meta({ description: 'All seats that are left.' }),
    reason: shortText(500).meta({ description: 'Why; kept on record.' }),
    refund: z.enum(['none', 'rest']).meta({ description: '`rest`: what the quote says goes back to the payer.' }),
    quoteId: uuid
      .optional()
      .meta({ description: 'A quote of the kind `refund` for the seats that go; needed for a refund.' }),
  })
  .refine(({ refund, quoteId }) => (refund === 'rest') === (quoteId !== undefined), {
    path: ['quoteId'],
    error: 'a quote where the refund is rest, and none where it is none',
  })
  .meta({ id: 'ReduceSeats' });

/** Body of `POST /v1/seat-checks`. */
export const requestSeatCheck = z
  .strictObject({
    workspaceId: uuid,
    repair: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether the host product is told again where it gives something else than is paid for.' }),
  })
  .meta({ id: 'RequestSeatCheck' });

export type ReportMember = z.output<typeof reportMember>;
export type ReportMembers = z.output<typeof reportMembers>;
export type MemberQuery = z.output<typeof memberQuery>;
export type ReduceSeats = z.output<typeof reduceSeats>;
export type RequestSeatCheck = z.output<typeof requestSeatCheck>;
