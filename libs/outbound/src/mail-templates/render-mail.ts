import { invariant } from '@billfleet/domain';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { isMailTemplate, mailFacts } from './facts.js';
import type { MailFacts, MailTemplate } from './facts.js';
import { formatsFor } from './formats.js';
import type { Formats } from './formats.js';
import { qrPicture } from './qr-picture.js';
import type { MailPicture } from './qr-picture.js';
import { isOptionalMail } from './optional-mails.js';
import { MailDocument } from './mail-document.js';
import type { StopLink } from './mail-document.js';
import { mailModels } from './mail-model.js';
import type { MailModel } from './mail-model.js';
import type { SignInAction } from './mail-shape.js';

/** Who reads the mail, and where its links lead. */
export type MailContext = {
  /** BCP 47 locale of the workspace; English is used for languages that have no texts. */
  readonly locale: string;
  /** IANA time zone of the workspace, for instants. Civil days are printed as they are. */
  readonly timeZone: string;
  /** Absolute address of the billing pages, with http or https. */
  readonly publicUrl: string;
  /** The path of the page on which whoever holds the link pays an order; left out where there are no such links. */
  readonly payPath?: (orderId: string) => string;
  /** The path of the page on which the reader is let in; left out where there are no such links. */
  readonly signInPath?: (link: SignInAction) => string;
  /** The path of the page on which optional mails are stopped; used by those only. */
  readonly unsubscribePath?: string;
};

/** A mail ready to be sent. Subject and text hold plain spaces only, so that an amount can be searched for as it is typed. */
export type RenderedMail = {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Headers of its own: those of RFC 2369 and RFC 8058 on a mail that may be stopped. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Pictures that the HTML shows; they travel inside the mail. */
  readonly pictures?: readonly MailPicture[];
};

/**
 * Writes a mail from facts that `mailFacts[template]` has parsed. The same facts and context always give the same mail.
 * @throws RangeError when the locale is malformed or the time zone does not exist.
 */
export function renderMail<T extends MailTemplate>(
  template: T,
  facts: MailFacts[T],
  context: MailContext,
): RenderedMail {
  const formats = formatsFor(context.locale, context.timeZone);
  const model = mailModels[template](facts, formats);
  const actionUrl = urlOf(pathOf(model.action, context), context);
  const { unsubscribePath } = context;
  const stop =
    unsubscribePath === undefined || !isOptionalMail(template)
      ? undefined
      : { label: formats.translate('common.unsubscribe'), url: urlOf(unsubscribePath, context) };
  const footer = model.footer ?? formats.translate('common.footer', { workspace: model.workspaceName });
  const qr = model.code === undefined ? undefined : { ...qrPicture(model.code.text), cid: CODE_CID };
  const document = createElement(MailDocument, { model, locale: formats.locale, actionUrl, footer, stop, qr });
  return {
    subject: plainSpaces(model.subject),
    html: `<!doctype html>${renderToStaticMarkup(document)}`,
    text: plainSpaces(textOf(model, { formats, actionUrl, footer, stop })),
    ...(qr === undefined ? {} : { pictures: [{ cid: qr.cid, fileName: 'pix.png', png: qr.png }] }),
    ...(stop === undefined ? {} : { headers: headersToStop(stop.url) }),
  };
}

/**
 * Writes a mail from its template's name and its facts as they were stored.
 * @throws InvariantError when no template has that name, ZodError when the facts are not what the template needs: waiting helps neither.
 */
export function renderStoredMail(template: string, facts: unknown, context: MailContext): RenderedMail {
  invariant(isMailTemplate(template), `unknown mail template ${template}`);
  return renderMail(template, mailFacts[template].parse(facts), context);
}

function pathOf({ path, payOrderId, signIn }: MailModel['action'], context: MailContext): string {
  if (payOrderId !== undefined) return context.payPath?.(payOrderId) ?? path;
  if (signIn !== undefined) return context.signInPath?.(signIn) ?? path;
  return path;
}

/** Put together as text, because URL resolution would drop a path that the public address itself has. */
const urlOf = (path: string, { publicUrl }: MailContext): string =>
  new URL(`${publicUrl.replace(/\/+$/, '')}${path}`).href;

/** How HTML and picture find each other inside one mail. */
const CODE_CID = 'code@billfleet';

/** With both, a mail program offers a button of its own and posts to the address once its reader presses it. */
const headersToStop = (url: string): Readonly<Record<string, string>> => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

type TextParts = {
  readonly formats: Formats;
  readonly actionUrl: string;
  readonly footer: string;
  readonly stop: StopLink | undefined;
};

function textOf(model: MailModel, { formats, actionUrl, footer, stop }: TextParts): string {
  const details = model.details.map(({ label, value }) => `${label}: ${value}`).join('\n');
  const action = formats.translate('common.buttonText', { label: model.action.label, url: actionUrl });
  const end = stop === undefined ? [footer] : [footer, formats.translate('common.buttonText', stop)];
  const code = model.code === undefined ? [] : [`${model.code.label}:\n${model.code.text}`];
  return `${[model.heading, ...model.paragraphs, ...code, details, action, ...end].join('\n\n')}\n`;
}

/** Intl puts no-break spaces between sign and amount, and between day parts. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u202f\u2007]/g, ' ');
}
