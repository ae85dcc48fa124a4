import { InvariantError } from '@billfleet/domain';
import { en } from './messages.en.js';
import { es } from './messages.es.js';
import { ptBr } from './messages.pt-br.js';

/** The name of one text. */
export type MessageKey = keyof typeof en;

/** All texts of one language. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** Languages with a complete set of texts. */
export const languages = { en, es, pt: ptBr } satisfies Record<string, Messages>;

/** Locales that mails are written in, one for each language, as people choose them. */
export const mailLanguages = ['en', 'es', 'pt-BR'] as const;

/** Fills one text in one language. A placeholder without a value is a bug and throws. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

/** A language, ready to use: its texts and the locale that money and dates are written in. */
export type Language = { readonly locale: string; readonly translate: Translate };

/** Finds the language of a BCP 47 locale. Locales of other languages get English, in texts and formats alike. */
export function languageOf(locale: string): Language {
  const messages = messagesFor(locale);
  return { locale: messages === undefined ? 'en' : locale, translate: translateFrom(messages ?? en) };
}

function messagesFor(locale: string): Messages | undefined {
  const language = locale.split('-')[0]?.toLowerCase() ?? '';
  return new Map<string, Messages>(Object.entries(languages)).get(language);
}

function translateFrom(messages: Messages): Translate {
  return (key, values = {}) =>
    messages[key].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new InvariantError(`mail text ${key} needs a value for {${name}}`);
      return value;
    });
}
