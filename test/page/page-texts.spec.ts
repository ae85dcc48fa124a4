import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const LOCALES = ['en', 'es', 'pt-BR'] as const;
type Locale = (typeof LOCALES)[number];
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** Files of texts by whose they are: the customers' page, the console of staff. */
const PARTS = { page: '', console: 'support.' } as const;
type Part = keyof typeof PARTS;

/** Every text of a language by its whole key. */
function textsOf(locale: Locale, part: Part): ReadonlyMap<string, string> {
  const file = path.join(process.cwd(), `apps/billing-page/src/texts/${PARTS[part]}${locale}.json`);
  const found = new Map<string, string>();
  const take = (part: unknown, key: string): void => {
    if (typeof part === 'string') found.set(key, part);
    else for (const [name, one] of Object.entries(part as object)) take(one, key === '' ? name : `${key}.${name}`);
  };
  take(JSON.parse(readFileSync(file, 'utf8')), '');
  return found;
}

const keysOf = (texts: ReadonlyMap<string, string>): string[] =>
  [...new Set([...texts.keys()].map((key) => key.replace(PLURAL, '_plural')))].sort();

const placeholdersOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/{{-? ?(\w+)/g)].map(([, name = '']) => name))].sort();

/** What each plural form is about: a form that needs no number may leave it out, so forms are compared as a group. */
function placeholders(texts: ReadonlyMap<string, string>): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [key, text] of texts) {
    const name = key.replace(PLURAL, '_plural');
    groups[name] = [...new Set([...(groups[name] ?? []), ...placeholdersOf(text)])].sort();
  }
  return groups;
}

/** Keys with plural forms that lack a form which the language has. */
function missingForms(locale: Locale, part: Part): string[] {
  const texts = textsOf(locale, part);
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const stems = new Set([...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')));
  return [...stems].flatMap((stem) => forms.map((form) => `${stem}_${form}`)).filter((key) => !texts.has(key));
}

describe.each(Object.keys(PARTS) as Part[])('texts of the %s', (part) => {
  const english = textsOf('en', part);

  test.each(LOCALES)('%s has the same keys as English', (locale) => {
    expect(keysOf(textsOf(locale, part))).toEqual(keysOf(english));
  });

  test.each(LOCALES)('%s fills the same values into each text as English', (locale) => {
    expect(placeholders(textsOf(locale, part))).toEqual(placeholders(english));
  });

  test.each(LOCALES)('%s has every plural form of its language', (locale) => {
    expect(missingForms(locale, part)).toEqual([]);
  });

  test.each(LOCALES)('%s has no empty text', (locale) => {
    expect([...textsOf(locale, part)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
