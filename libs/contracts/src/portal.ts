import { workspaceRoles } from '@billfleet/domain';
import { z } from 'zod';
import { shortText, uuid } from './commands.js';
import { memberExternalId } from './members.js';

/** Longest path that a link may lead to, in characters. */
const PATH_LENGTH_MAX = 1_000;
const URL_LENGTH_MAX = 2_000;
/** Where a link leads that names no path. */
const FIRST_PAGE = '/billing/plan';
/** Signs that a path with a query may have; none of them can end a header or begin another host. */
const PATH = /^\/billing(?:[/?#][\w\-./~%?=&:,@+#]*)?$/;
/** What lets people in and out must not be where they are sent: a link would lead to itself. */
const DOORS = /^\/billing\/(enter|leave|sign-in)(\/|$)/;

/** Whether a text is a page of ours that somebody may be sent to: a path under `/billing`, with its query, once dots are resolved too. */
export function isBillingPath(text: string): boolean {
  if (text.length > PATH_LENGTH_MAX || !PATH.test(text)) return false;
  const base = 'http://pages.invalid';
  if (!URL.canParse(text, base)) return false;
  const { origin, pathname } = new URL(text, base);
  return origin === base && /^\/billing(\/|$)/.test(pathname) && !pathname.includes('//') && !DOORS.test(pathname);
}

/** Where somebody goes after he was let in. */
export const billingPath = z
  .string()
  .refine(isBillingPath, { error: `a path under /billing of at most ${String(PATH_LENGTH_MAX)} characters` })
  .default(FIRST_PAGE)
  .meta({ description: 'A page under /billing; its query is kept.', example: '/billing/plan?action=update-method' });

const webAddress = z
  .string()
  .max(URL_LENGTH_MAX)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text) && isPlain(new URL(text)), {
    error: 'an http or https address without a password',
  })
  .meta({ description: 'Where the page leads back to: a place in the host product.' });

const isPlain = ({ username, password }: URL): boolean => username === '' && password === '';

/** Body of `POST /v1/portal-sessions`: a person whom the host product knows, on the billing page of a workspace. */
export const openPortal = z
  .strictObject({
    workspaceId: uuid,
    person: z.strictObject({
      id: memberExternalId.meta({ description: 'The id of the person in the host product.' }),
      name: shortText(200).optional(),
      email: z.email({ error: 'an e-mail address' }).max(254).optional(),
    }),
    role: z.enum(workspaceRoles).meta({ description: 'What the person may do; the host product vouches for it.' }),
    to: billingPath,
    returnUrl: webAddress.optional(),
  })
  .meta({ id: 'OpenPortal' });

/** What the page to sign in sends. */
export const askToSignIn = z.object({
  email: z.email({ error: 'an e-mail address' }).max(254),
  to: z.string().refine(isBillingPath).catch(FIRST_PAGE),
});

export type OpenPortal = z.output<typeof openPortal>;
