import { allocate, money } from '@billfleet/domain';
import qrcode from 'qrcode';
import type { PaymentRow } from '../ledger/rows.js';
import { testCards } from '../merchant/cards.js';
import { amountOf } from '../merchant/wire.js';
import { html, SafeHtml } from './html.js';
import { layout, shownAmount, shownInstant } from './layout.js';
import { languages, texts } from './texts.js';
import type { Language, Texts } from './texts.js';

const action = (payment: PaymentRow, language: Language, step: '' | '/cancel'): string =>
  `/pay/${payment.reference}${step}?lang=${language}`;

const parts = (payment: PaymentRow, language: Language, words: Texts): SafeHtml | undefined => {
  if (payment.installments <= 1) return undefined;
  const amounts = allocate(money(payment.askedMinor, payment.currency), payment.installments);
  const [first = '', other = ''] = amounts.map((one) => shownAmount(language, one.amountMinor, one.currency));
  return html`<p>${words.payInParts(payment.installments, first, other)}</p>`;
};

const summary = (payment: PaymentRow, language: Language, words: Texts): SafeHtml =>
  html`<section class="panel">
    <h1>${payment.description}</h1>
    <p class="amount">${shownAmount(language, amountOf(payment), payment.currency)}</p>
    ${parts(payment, language, words)}
    <dl>
      <dt>${words.order}</dt>
      <dd>${payment.orderId}</dd>
      ${
        payment.state === 'open'
          ? html`<dt>${words.openUntil}</dt>
              <dd>${shownInstant(language, payment.expiresAt)}</dd>`
          : undefined
      }
    </dl>
  </section>`;

const fault = (payment: PaymentRow, words: Texts): SafeHtml | undefined => {
  const { failure } = payment;
  if (failure === undefined) return undefined;
  return html`<p class="fault" role="alert" id="fault">${words.failures[failure.code] ?? failure.message}</p>`;
};

const cardForm = (payment: PaymentRow, language: Language, words: Texts): SafeHtml => {
  const isFaulty = payment.failure !== undefined;
  return html`<form method="post" action="${action(payment, language, '')}">
      <input type="hidden" name="method" value="card" />
      <label for="number">${words.cardNumber}</label>
      <input
        id="number"
        name="number"
        inputmode="numeric"
        autocomplete="off"
        maxlength="23"
        required
        aria-describedby="${isFaulty ? 'hint fault' : 'hint'}"
        aria-invalid="${isFaulty ? 'true' : 'false'}"
      />
      <p class="quiet" id="hint">${words.cardHint}</p>
      <button class="main">${words.pay(shownAmount(language, payment.askedMinor, payment.currency))}</button>
    </form>
    <h2 id="test-cards">${words.testCards}</h2>
    <form method="post" action="${action(payment, language, '')}">
      <input type="hidden" name="method" value="card" />
      <ul class="cards" aria-labelledby="test-cards">
        ${testCards.map((card) => {
          const spaced = card.number.replace(/(.{4})(?=.)/g, '$1 ');
          const says = card.onPay === 'pays' && card.onCharge !== 'pays' ? words.laterFails : words.onPay[card.onPay];
          return html`<li>
            <span><code>${spaced}</code> <span class="quiet">${says}</span></span>
            <button class="small" name="number" value="${card.number}" aria-label="${words.payWithThis}: ${spaced}">
              ${words.payWithThis}
            </button>
          </li>`;
        })}
      </ul>
    </form>`;
};

const paypalForm = (payment: PaymentRow, language: Language, words: Texts): SafeHtml =>
  html`<form method="post" action="${action(payment, language, '')}">
    <input type="hidden" name="method" value="paypal" />
    <p class="quiet">${words.paypalHint}</p>
    <button class="main wallet">${words.paypal}</button>
  </form>`;

const pixForm = async (payment: PaymentRow, language: Language, words: Texts): Promise<SafeHtml> => {
  const code = payment.pixCode ?? '';
  // Dark on white in every colour scheme: bank apps do not read inverted codes.
  const image = await qrcode.toString(code, {
    type: 'svg',
    errorCorrectionLevel: 'M',
    margin: 4,
    width: 256,
    color: { dark: '#000000', light: '#ffffff' },
  });
  return html`<h2>${words.pixScan}</h2>
    <div class="qr" role="img" aria-label="${words.pixAlt}">${new SafeHtml(image)}</div>
    <label for="pix-code">${words.pixCopy}</label>
    <textarea id="pix-code" rows="4" readonly spellcheck="false">${code}</textarea>
    <form method="post" action="${action(payment, language, '')}">
      <input type="hidden" name="method" value="pix" />
      <button class="main">${words.pixSimulate}</button>
    </form>`;
};

const methodForm = (payment: PaymentRow, language: Language, words: Texts): SafeHtml | Promise<SafeHtml> => {
  switch (payment.method) {
    case 'card':
      return cardForm(payment, language, words);
    case 'paypal':
      return paypalForm(payment, language, words);
    case 'pix':
      return pixForm(payment, language, words);
  }
};

const openBody = async (payment: PaymentRow, language: Language, words: Texts): Promise<SafeHtml> =>
  html`<section class="panel">${fault(payment, words)} ${await methodForm(payment, language, words)}</section>
    <form class="center" method="post" action="${action(payment, language, '/cancel')}">
      <button class="link">${words.cancel}</button>
    </form>`;

const closedBody = (payment: PaymentRow, words: Texts): SafeHtml => {
  if (payment.state === 'open') return html``;
  const { title, text } = words.closed[payment.state];
  return html`<section class="panel" role="status">
    <h2>${title}</h2>
    <p>${text}</p>
    ${payment.returnUrl === undefined ? undefined : html`<a href="${payment.returnUrl}">${words.back}</a>`}
  </section>`;
};

const languageLinks = (payment: PaymentRow, words: Texts): SafeHtml =>
  html`<nav aria-label="${words.language}">
    <ul class="languages">
      ${Object.entries(languages).map(
        ([tag, name]) =>
          html`<li><a href="/pay/${payment.reference}?lang=${tag}" lang="${tag}" hreflang="${tag}">${name}</a></li>`,
      )}
    </ul>
  </nav>`;

/** The page on which the payer pays, or reads what became of the checkout. It works without scripts. */
export async function hostedPage(payment: PaymentRow, language: Language): Promise<SafeHtml> {
  const words = texts[language];
  const body = payment.state === 'open' ? await openBody(payment, language, words) : closedBody(payment, words);
  return layout({
    language,
    title: `${words.title}: ${payment.description}`,
    banner: words.sandbox,
    body: [summary(payment, language, words), body, languageLinks(payment, words)],
  });
}

/** The page for an address that names no payment. */
export function notFoundPage(language: Language): SafeHtml {
  const { sandbox, notFound } = texts[language];
  const body = html`<section class="panel">
    <h1>${notFound.title}</h1>
    <p>${notFound.text}</p>
  </section>`;
  return layout({ language, title: notFound.title, banner: sandbox, body });
}
