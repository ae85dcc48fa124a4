import { mailLanguages, mailSamples, mailTemplates, renderStoredMail } from '@billfleet/outbound';
import type { MailTemplate, RenderedMail } from '@billfleet/outbound';
import type { ReactElement } from 'react';
import { renderPage } from './page-shell.js';

const schemes = ['light', 'dark'] as const;
const widths = ['desk', 'phone'] as const;

/** Which mail to look at, and how. `form`: the form of its facts, counted from 1. */
export type TemplateView = {
  readonly template: MailTemplate;
  readonly form: number;
  readonly locale: (typeof mailLanguages)[number];
  readonly scheme: (typeof schemes)[number];
  readonly width: (typeof widths)[number];
};

const TIME_ZONES: Readonly<Record<TemplateView['locale'], string>> = {
  en: 'America/New_York',
  es: 'America/Mexico_City',
  'pt-BR': 'America/Sao_Paulo',
};

/** What an address asks for; undefined where there is no such mail. What is missing or unknown is taken as the first choice. */
export function templateViewOf(
  { template, form }: { readonly template: string; readonly form: string },
  query: Readonly<Record<string, unknown>>,
): TemplateView | undefined {
  const known = mailTemplates.find((name) => name === template);
  const nth = /^[1-9]\d?$/.test(form) ? Number(form) : 0;
  if (known === undefined || mailSamples[known][nth - 1] === undefined) return undefined;
  const chosen = <Choice extends string>(choices: readonly [Choice, ...Choice[]], name: string): Choice =>
    choices.find((choice) => choice === query[name]) ?? choices[0];
  return {
    template: known,
    form: nth,
    locale: chosen(mailLanguages, 'locale'),
    scheme: chosen(schemes, 'scheme'),
    width: chosen(widths, 'width'),
  };
}

/** Every template in every form and language. */
export function renderTemplateList(): string {
  return renderPage({
    title: 'Mail templates',
    body: (
      <>
        <nav aria-label="Back">
          <a href="/dev/mailbox">Mailbox</a>
        </nav>
        <h1>Mail templates</h1>
        <p className="soft">Every mail that the fleet can send, written from made-up facts.</p>
        <div className="card">
          <table>
            <thead>
              <tr>
                <th scope="col">Template</th>
                <th scope="col">Subject</th>
                <th scope="col">Languages</th>
              </tr>
            </thead>
            <tbody>
              {mailTemplates.flatMap((template) =>
                mailSamples[template].map((_, nth) => templateRow(template, nth + 1)),
              )}
            </tbody>
          </table>
        </div>
      </>
    ),
  });
}

function templateRow(template: MailTemplate, form: number): ReactElement {
  const view: TemplateView = { template, form, locale: 'en', scheme: 'light', width: 'desk' };
  return (
    <tr key={`${template} ${String(form)}`}>
      <td className="nowrap">{nameOf(view)}</td>
      <td>{mailOf(view).subject}</td>
      <td className="nowrap">
        {mailLanguages.map((locale) => (
          <span key={locale}>
            <a href={addressOf({ ...view, locale })} aria-label={`${nameOf(view)} in ${locale}`}>
              {locale}
            </a>{' '}
          </span>
        ))}
      </td>
    </tr>
  );
}

/** One mail as it looks in one language, in the light or in the dark, at a desk or on a phone; below it its text part. */
export function renderTemplate(view: TemplateView): string {
  const { subject, text } = mailOf(view);
  return renderPage({
    title: `${nameOf(view)} (${view.locale}, ${view.scheme})`,
    body: (
      <>
        <nav aria-label="Back">
          <a href="/dev/mailbox/templates">All templates</a>
        </nav>
        <h1>{subject}</h1>
        <p className="soft">{nameOf(view)}</p>
        <nav aria-label="Views">
          {mailLanguages.map((locale) => choice({ ...view, locale }, locale, locale === view.locale))}
          {schemes.map((scheme) => choice({ ...view, scheme }, scheme, scheme === view.scheme))}
          {widths.map((width) => choice({ ...view, width }, width, width === view.width))}
        </nav>
        <div className="card">
          <iframe
            title="The mail as HTML"
            sandbox=""
            src={addressOf(view, '/html')}
            style={view.width === 'phone' ? { width: 320, margin: '0 auto' } : {}}
          />
        </div>
        <h2>Text</h2>
        <div className="card">
          <pre>{text}</pre>
        </div>
      </>
    ),
  });
}

const choice = (view: TemplateView, name: string, isChosen: boolean): ReactElement => (
  <a key={name} href={addressOf(view)} aria-current={isChosen ? 'page' : undefined}>
    {name}
  </a>
);

/** The mail alone, as its reader would see it: the colours follow the choice and not the browser. */
export function templateHtml(view: TemplateView): string {
  const query = view.scheme === 'dark' ? '@media all' : '@media not all';
  const { html, pictures = [] } = mailOf(view);
  const shown = pictures.reduce(
    (text, { cid, png }) => text.replace(`cid:${cid}`, `data:image/png;base64,${png.toString('base64')}`),
    html,
  );
  return shown.replace('@media (prefers-color-scheme: dark)', query);
}

function mailOf({ template, form, locale }: TemplateView): RenderedMail {
  const context = {
    locale,
    timeZone: TIME_ZONES[locale],
    publicUrl: 'https://billing.example.com',
    unsubscribePath: '/mail/unsubscribe/signed',
  };
  return renderStoredMail(template, mailSamples[template][form - 1], context);
}

const nameOf = ({ template, form }: TemplateView): string => `${template} ${String(form)}`;

const addressOf = ({ template, form, locale, scheme, width }: TemplateView, part = ''): string =>
  `/dev/mailbox/templates/${template}/${String(form)}${part}?locale=${locale}&scheme=${scheme}&width=${width}`;
