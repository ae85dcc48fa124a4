import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './en.json';
import type { Locale } from './formats.js';
import type support from './support.en.json';

declare module 'i18next' {
  // What the library asks to be extended is an interface.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- a type cannot be merged into the library's own
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en; support: typeof support };
  }
}

/** Each language is a file of its own, fetched when it is spoken. */
const texts: Readonly<Record<Locale, () => Promise<{ default: object }>>> = {
  en: () => import('./en.json'),
  es: () => import('./es.json'),
  'pt-BR': () => import('./pt-BR.json'),
};

/** Speaks a language from now on. */
export async function speak(locale: Locale): Promise<void> {
  const { default: translation } = await texts[locale]();
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      ...{ lng: locale, fallbackLng: false, interpolation: { escapeValue: false }, returnNull: false },
      resources: { [locale]: { translation } },
    });
  } else {
    i18next.addResourceBundle(locale, 'translation', translation);
    await i18next.changeLanguage(locale);
  }
  document.documentElement.lang = locale;
}

/** What the support console says, which nobody else fetches. */
const supportTexts: Readonly<Record<Locale, () => Promise<{ default: object }>>> = {
  en: () => import('./support.en.json'),
  es: () => import('./support.es.json'),
  'pt-BR': () => import('./support.pt-BR.json'),
};

const spokenOfSupport = new Map<Locale, Promise<void>>();

/** Fetches what the support console says in a language; the same promise each time. */
export function speakSupport(locale: Locale): Promise<void> {
  const known = spokenOfSupport.get(locale);
  if (known !== undefined) return known;
  const spoken = supportTexts[locale]().then(({ default: texts }) => {
    i18next.addResourceBundle(locale, 'support', texts);
  });
  spokenOfSupport.set(locale, spoken);
  return spoken;
}
