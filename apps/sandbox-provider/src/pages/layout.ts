import { CURRENCY_EXPONENT } from '@billfleet/domain';
import type { Currency } from '@billfleet/domain';
import { html } from './html.js';
import type { HtmlPart, SafeHtml } from './html.js';
import type { Language } from './texts.js';

/** One whole page. */
export function layout(page: {
  readonly language: Language;
  readonly title: string;
  readonly banner: string;
  readonly isWide?: boolean;
  readonly body: HtmlPart;
}): SafeHtml {
  return html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        <link rel="stylesheet" href="/sandbox.css" />
      </head>
      <body>
        <div class="banner" role="note">${page.banner}</div>
        <main class="${page.isWide === true ? 'wide' : ''}">${page.body}</main>
      </body>
    </html>`;
}

/** An amount for people, exact at any size: the number goes to Intl as decimal text, never as a floating-point number. */
export function shownAmount(language: Language, amountMinor: bigint, currency: Currency): string {
  const places = CURRENCY_EXPONENT[currency];
  const digits = String(amountMinor).padStart(places + 1, '0');
  const decimal = `${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`;
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: places });
  return format.format(decimal as Intl.StringNumericLiteral);
}

/** An instant for people, in UTC, since the sandbox does not know where the reader is. */
export function shownInstant(language: Language, at: number): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(at)} UTC`;
}
