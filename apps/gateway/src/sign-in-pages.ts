import type { Door } from '@billfleet/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { enterTextsFor } from './enter-texts.js';
import { escaped, filled, framedPage, PAGE_POLICY } from './page-frame.js';
import { signInTextsIn } from './sign-in-texts.js';
import type { SignInTexts } from './sign-in-texts.js';

type Told = { readonly locale: string; readonly texts: SignInTexts };

const toldTo = ({ headers }: FastifyRequest): Told => {
  const { locale } = enterTextsFor(headers['accept-language']);
  return { locale, texts: signInTextsIn(locale) };
};

/** The page on which an address is typed in; `wrong`: what was typed before and is no address. */
export function askPage(
  request: FastifyRequest,
  door: Door,
  form: { readonly to: string; readonly wrong?: string },
): string {
  const { locale, texts } = toldTo(request);
  const { to, wrong } = form;
  const isWrong = wrong !== undefined;
  const told = isWrong ? `<p id="wrong" role="alert">${escaped(texts.wrongEmail)}</p>` : '';
  const state = isWrong ? ' aria-invalid="true" aria-describedby="wrong"' : '';
  const body = `<p>${escaped(texts.lead)}</p><form method="post" action="/${door}/sign-in">
<input type="hidden" name="to" value="${escaped(to)}"><p><label for="email">${escaped(texts.email)}</label><br>
<input id="email" name="email" type="email" autocomplete="email" inputmode="email" required autofocus maxlength="254" value="${escaped((wrong ?? '').slice(0, 254))}"${state}></p>
${told}<button>${escaped(texts.send)}</button></form>`;
  return framedPage({ locale, title: door === 'billing' ? texts.title : texts.supportTitle, body });
}

/** What everybody is told who asked for a link, whether the address is known or not. */
export function sentPage(request: FastifyRequest): string {
  const { locale, texts } = toldTo(request);
  return framedPage({
    locale,
    title: texts.sentTitle,
    body: `<p>${escaped(texts.sentLead)}</p><p>${escaped(texts.sentAdvice)}</p>`,
  });
}

/** What somebody is told from whose network too many links were asked for. */
export function tooOftenPage(request: FastifyRequest): string {
  const { locale, texts } = toldTo(request);
  return framedPage({ locale, title: texts.tooOftenTitle, body: `<p>${escaped(texts.tooOftenLead)}</p>` });
}

/** The page of a link: a button for each place that it may open. Programs follow links before people do, and press nothing. */
export function choicePage(
  request: FastifyRequest,
  path: string,
  places: readonly { readonly workspaceId: string; readonly workspaceName: string }[],
): string {
  const { locale, texts } = toldTo(request);
  const buttons = places.map(({ workspaceId, workspaceName }) => {
    const action = `${path}?workspace=${workspaceId}`;
    const label = filled(texts.enter, { workspace: workspaceName });
    return `<form method="post" action="${escaped(action)}" enctype="text/plain"><p><button>${escaped(label)}</button></p></form>`;
  });
  return framedPage({
    locale,
    title: texts.chooseTitle,
    body: `<p>${escaped(texts.chooseLead)}</p>${buttons.join('')}`,
  });
}

/** What whoever brings a link is told that is used, too old or invented. */
export function overPage(request: FastifyRequest, door: Door): string {
  const { overTitle, overLead } = enterTextsFor(request.headers['accept-language']);
  const { locale, texts } = toldTo(request);
  const again = `<p><a class="go" href="/${door}/sign-in">${escaped(texts.again)}</a></p>`;
  return framedPage({ locale, title: overTitle, body: `<p>${escaped(overLead)}</p>${again}` });
}

/** Sends one of these pages. */
export function sendPage(reply: FastifyReply, status: number, page: string): void {
  void reply
    .status(status)
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page);
}
