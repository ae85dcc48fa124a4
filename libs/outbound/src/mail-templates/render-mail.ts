import { invariant } from '@billfleet/domain';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { isMailTemplate, mailFacts } from './facts.js';
import type { MailFacts, MailTemplate } from './facts.js';
import { formatsFor } from './formats.js';
import type { Formats } from './formats.js';
import { MailDocument } from './mail-document.js';
import { mailModels } from './mail-model.js';
import type { MailModel } from './mail-model.js';

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
};

/** A mail ready to be sent. Subject and text hold plain spaces only, so that an amount can be searched for as it is typed. */
export type RenderedMail = { readonly subject: string; readonly html: string; readonly text: string };

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
  // Put together as text, because URL resolution would drop a path that the public address itself has.
  const { path, payOrderId } = model.action;
  const target = payOrderId === undefined ? path : (context.payPath?.(payOrderId) ?? path);
  const actionUrl = new URL(`${context.publicUrl.replace(/\/+$/, '')}${target}`).href;
  const footer = model.footer ?? formats.translate('common.footer', { workspace: model.workspaceName });
  const document = createElement(MailDocument, { model, locale: formats.locale, actionUrl, footer });
  return {
    subject: plainSpaces(model.subject),
    html: `<!doctype html>${renderToStaticMarkup(document)}`,
    text: plainSpaces(textOf(model, { formats, actionUrl, footer })),
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

type TextParts = { readonly formats: Formats; readonly actionUrl: string; readonly footer: string };

function textOf(model: MailModel, { formats, actionUrl, footer }: TextParts): string {
  const details = model.details.map(({ label, value }) => `${label}: ${value}`).join('\n');
  const action = formats.translate('common.buttonText', { label: model.action.label, url: actionUrl });
  return `${[model.heading, ...model.paragraphs, details, action, footer].join('\n\n')}\n`;
}

/** Intl puts no-break spaces between sign and amount, and between day parts. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u202f\u2007]/g, ' ');
}
