import { z } from 'zod';
import { SEATS_MAX } from './commands.js';

const SEATS = `a whole number from 1 to ${String(SEATS_MAX)}`;

/** Query of `GET /v1/workspaces/{id}/offers`. */
export const offersQuery = z.strictObject({
  seats: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, { error: SEATS })
    .transform(Number)
    .refine((seats) => seats <= SEATS_MAX, { error: SEATS })
    .optional()
    .meta({ description: 'How many seats the limits are worked out for.' }),
});

export type OffersQuery = z.output<typeof offersQuery>;
