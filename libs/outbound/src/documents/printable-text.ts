/**
 * The characters that the documents' font has: Latin with all its accents, Greek, Cyrillic, and the usual signs. A test compares it with the font.
 * The blanks of Intl are written as the plain blank that does not break.
 */
const DRAWN =
  /^[\u0020-\u007e\u00a0-\u017f\u018f\u0192\u01a0\u01a1\u01af\u01b0\u01f0\u01fa-\u01ff\u0218-\u021b\u0237\u0259\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0482\u048a-\u0513\u1e80-\u1e85\u1e9e\u1ea0-\u1ef9\u2010\u2011\u2013-\u2015\u2017-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2074-\u208e\u20a3\u20a4\u20a6-\u20ac\u20b1\u20b9\u20ba\u2116\u2122\u2212\u221e\u2260\u2264\u2265]$/u;
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;
const BLANKS = /[\p{Z}\t\r\n\v\f]+/gu;
const PICTURES = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\u20e3\ufe0f]/u;

/** More of a text than this is never looked at, however much of it would be left out. */
const READ_PER_SHOWN = 8;

/**
 * What of a text can stand on paper: one line, of at most so many characters, of which the last is then three dots. Pictures, control
 * characters, marks that stack up and what turns the direction of reading are left out; letters that the font lacks become a question mark for each
 * word of them. A text of which nothing is left is a dash.
 */
export function printable(text: string, lengthMax: number): string {
  const read = text
    .slice(0, lengthMax * READ_PER_SHOWN)
    .normalize('NFC')
    .replace(BLANKS, ' ');
  const kept: string[] = [];
  for (const character of read) {
    if (DRAWN.test(character)) kept.push(character);
    else if (!PICTURES.test(character) && !CONTROLS.test(character) && !/\p{M}/u.test(character) && kept.at(-1) !== '?')
      kept.push('?');
  }
  const line = kept.join('').replace(/ {2,}/g, ' ').trim();
  if (line === '') return '–';
  const characters = Array.from(line);
  return characters.length <= lengthMax
    ? line
    : `${characters
        .slice(0, lengthMax - 1)
        .join('')
        .trimEnd()}…`;
}

/** Text of our own making, in which only blanks of Intl that the font lacks are replaced. */
export const ownText = (text: string): string => text.replace(/[\u202f\u2009]/g, '\u00a0');

/** Longer words than this break wherever the line ends; shorter ones fit into every column, however wide their letters are. */
const WORD_MAX = 24;

/** A text as a node of the page, which never makes its column wider than it is. */
export const flowing = (text: string): { readonly text: string; readonly wordBreak?: 'break-all' } =>
  text.split(/[ -]/).some((word) => word.length > WORD_MAX) ? { text, wordBreak: 'break-all' } : { text };
