import { html } from './html.js';
import type { SafeHtml } from './html.js';
import { layout } from './layout.js';
import { texts } from './texts.js';
import type { Language } from './texts.js';

/** Tokens that a person may bring back, in the words of the page. */
const METHODS: readonly (readonly [token: string, name: string])[] = [
  ['tok_visa', 'Visa 4242'],
  ['tok_mastercard', 'Mastercard 4444'],
  ['tok_expiring', 'Visa 0069 (02/2027)'],
  ['tok_declined_stolen', 'Visa 4242 (declined)'],
];

const TITLES: Readonly<Record<Language, string>> = {
  en: 'Choose a test card to store',
  es: 'Elige una tarjeta de prueba para guardar',
  'pt-BR': 'Escolha um cartão de teste para salvar',
};

/**
 * The page that stands for a provider's own fields: it takes a way to pay without charging it, and leads back with a token.
 * @param returnUrl where it leads back to; only web addresses are linked
 */
export function fieldsPage(language: Language, returnUrl: string): SafeHtml | undefined {
  if (!URL.canParse(returnUrl) || !/^https?:$/.test(new URL(returnUrl).protocol)) return undefined;
  const linkOf = (token: string): string => {
    const url = new URL(returnUrl);
    url.searchParams.set('token', token);
    return url.href;
  };
  const title = TITLES[language];
  return layout({
    language,
    title,
    banner: texts[language].sandbox,
    body: html`<section class="panel">
      <h1>${title}</h1>
      <ul>
        ${METHODS.map(([token, name]) => html`<li><a href="${linkOf(token)}">${name}</a></li>`)}
      </ul>
    </section>`,
  });
}
