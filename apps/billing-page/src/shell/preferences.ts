import { closestLocale } from '../texts/formats.js';
import type { Locale } from '../texts/formats.js';

const LANGUAGE = 'billfleet-language';

/** A browser may refuse to store anything; the page then asks it anew each time. */
function stored(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** The language that was chosen here before, else the first one of the browser's that we speak, else English. */
export function firstLocale(): Locale {
  const wishes = [stored(LANGUAGE) ?? '', ...navigator.languages];
  return wishes.map(closestLocale).find((one) => one !== undefined) ?? 'en';
}

/** Whether somebody chose a language here; else the workspace's own is spoken. */
export const hasChosenLocale = (): boolean => stored(LANGUAGE) !== null;

/** Remembers a language for the next visit. */
export function rememberLocale(locale: Locale): void {
  try {
    window.localStorage.setItem(LANGUAGE, locale);
  } catch {
    // It is spoken until the page is left.
  }
}
