import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../../apps/billing-page/src/texts');

function below(texts: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === 'string'
      ? [[`${prefix}${name}`, text]]
      : below(text as Record<string, unknown>, `${prefix}${name}.`),
  );
}

const load = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Record<string, unknown>;

/** Those of the support console are named `support.…` here. */
const read = (language: string): ReadonlyMap<string, string> =>
  new Map([...below(load(language)), ...below(load(`support.${language}`), 'support.')]);

const all = { en: read('en'), es: read('es'), 'pt-BR': read('pt-BR') } as const;

/** A language that the page speaks. */
export type Language = keyof typeof all;

/** Every name of a text; none of them may ever be seen. */
export const textKeys: ReadonlySet<string> = new Set([...all.en.keys()].map((key) => key.replace(/^support\./, '')));

/** A text of the page, with its placeholders filled in. @throws when there is none. */
export function textOf(language: Language, key: string, values: Readonly<Record<string, string>> = {}): string {
  const text = all[language].get(key);
  if (text === undefined) throw new Error(`the page has no text ${key} in ${language}`);
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? `{{${name}}}`);
}

/** The same as a pattern in which placeholders that are left open match anything. */
export function patternOf(language: Language, key: string, values: Readonly<Record<string, string>> = {}): RegExp {
  const parts = textOf(language, key, values).split(/\{\{\w+\}\}/);
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.+'));
}
