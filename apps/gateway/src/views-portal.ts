import { mayAct } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { actions, roles } from '@billfleet/domain';
import type { Action } from '@billfleet/domain';
import type { Workspace } from '@billfleet/store';
import { z } from 'zod';
import { themeView } from './theme.js';
import type { Theme } from './theme.js';
import { workspaceView } from './views.js';

/** Answer of `POST /v1/portal-sessions`. */
export const portalOpenedView = z
  .object({
    url: z.url().meta({ description: 'Send the browser of the person there at once. It lets one person in, once.' }),
    expiresAt: z.iso.datetime().meta({ description: 'Until when the link is good.' }),
  })
  .meta({ id: 'PortalOpened' });

/** Answer of `GET /v1/me`. */
export const meView = z
  .object({
    workspace: workspaceView.nullable().meta({ description: 'Null for keys that may touch all workspaces.' }),
    person: z
      .object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null for a key that calls for nobody.' }),
    role: z.enum(roles),
    may: z.array(z.enum(actions)).meta({ description: 'What the caller may do, by the table of roles.' }),
    theme: themeView,
    returnUrl: z.string().nullable().meta({ description: 'Where the page leads back to in the host product.' }),
  })
  .meta({ id: 'Me' });

/** Who the caller is and what he may do. */
export function meShown(caller: Caller, workspace: Workspace | undefined, theme: Theme): z.input<typeof meView> {
  const { person, page } = caller;
  return {
    workspace: workspace === undefined ? null : workspaceShown(workspace),
    person: person === undefined ? null : { id: person.id, name: page?.name ?? null, email: page?.email ?? null },
    role: person?.role ?? caller.role,
    may: actions.filter((action: Action) => mayAct(caller, action)),
    theme,
    returnUrl: page?.returnUrl ?? null,
  };
}

/** What a workspace's people may know of it: how it is stored is not part of it. */
export function workspaceShown(workspace: Workspace): z.input<typeof workspaceView> {
  const { id, name, country, currency, timeZone, locale, billingEmail, trialEndsOn } = workspace;
  return { id, name, country, currency, timeZone, locale, billingEmail, trialEndsOn };
}
