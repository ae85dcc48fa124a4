import { z } from 'zod';
import { uuid } from './commands.js';
import { shortText } from './texts.js';

const INSTANT_MIN = '2000-01-01T00:00:00.000Z';
const INSTANT_MAX = '2200-01-01T00:00:00.000Z';

/** An instant that a test clock may show, as ISO 8601. */
const clockInstant = z.iso
  .datetime({ offset: true, error: 'an instant as ISO 8601, such as 2027-03-31T09:00:00Z' })
  .refine((text) => Date.parse(text) >= Date.parse(INSTANT_MIN) && Date.parse(text) <= Date.parse(INSTANT_MAX), {
    error: `an instant from ${INSTANT_MIN} to ${INSTANT_MAX}`,
  });

/** Body of `POST /v1/test-clocks`. */
export const createTestClock = z
  .strictObject({
    id: uuid.meta({ description: 'Chosen by the caller: a repeat makes no second clock.' }),
    name: shortText(100),
    nowAt: clockInstant
      .optional()
      .meta({ description: 'What it shows at first; the present time of the fleet when it is left out.' }),
  })
  .meta({ id: 'CreateTestClock' });
export type CreateTestClock = z.output<typeof createTestClock>;

/** Body of `POST /v1/test-clocks/{id}/workspaces`. */
export const attachToTestClock = z.strictObject({ workspaceId: uuid }).meta({ id: 'AttachToTestClock' });
export type AttachToTestClock = z.output<typeof attachToTestClock>;

/** Body of `POST /v1/test-clocks/{id}/advance`. */
export const advanceTestClock = z
  .strictObject({ to: clockInstant.meta({ description: 'What it shall show; never earlier than what it shows.' }) })
  .meta({ id: 'AdvanceTestClock' });
export type AdvanceTestClock = z.output<typeof advanceTestClock>;
