import type { Browser } from './browser.js';
import type { Fleet } from './fleet.js';
import { until } from './until.js';

/** Types an address into the page to sign in, as a browser sends it. */
export const askForLink = (
  browser: Browser,
  email: string,
  { door = 'billing', to = '', headers = {} }: { door?: string; to?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  browser.open(`/${door}/sign-in`, {
    method: 'POST',
    // As browsers send the form of a page that tells nobody where it is.
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'null',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
    body: new URLSearchParams({ email, to }).toString(),
  });

type Mail = { readonly subject: string; readonly text: string };

/** What came to an address, newest first. */
export async function mailsTo(fleet: Fleet, email: string): Promise<readonly Mail[]> {
  const list = await fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(email)}`);
  const { messages } = (await list.json()) as { messages: readonly { id: number }[] };
  return Promise.all(
    messages.map(async ({ id }) => (await (await fleet.atSandbox(`/mailbox/messages/${String(id)}`)).json()) as Mail),
  );
}

/** Waits for the n-th mail with a link to sign in; answers the path of its link. */
export async function linkMailed(fleet: Fleet, email: string, nth = 1): Promise<string> {
  const mails = await until(`link ${String(nth)} came to ${email}`, () => mailsTo(fleet, email), {
    isDone: (seen) => seen.length >= nth,
  });
  const links = mails.map(({ text }) => /https?:\/\/\S+\/sign-in\/\S+/.exec(text)?.[0] ?? '');
  return new URL(links[0] ?? '').pathname;
}

/** The paths that the buttons of a page post to. */
export const buttonsOf = (page: string): readonly string[] =>
  [...page.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, action]) => action ?? '');
