import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { printable } from './printable-text.js';

const require = createRequire(import.meta.url);
// What reads fonts comes with what draws with them.
const insideOf = (from: NodeJS.Require, name: string): NodeJS.Require => createRequire(from.resolve(name));
const drawing = insideOf(require, 'pdfmake');
const [kit, reader] = ['pdfkit', 'fontkit'] as const;
type Font = { readonly characterSet: readonly number[] };
const { openSync } = insideOf(drawing, kit)(reader) as { openSync: (file: string) => Font };

test.each<[string, string, string]>([
  ['Portuguese', 'Ação & Cia. São João', 'Ação & Cia. São João'],
  ['Spanish', 'Ñandú y compañía, ¿qué?', 'Ñandú y compañía, ¿qué?'],
  ['accents that come apart', 'Sa\u0303o Joa\u0303o', 'São João'],
  ['Cyrillic and Greek', 'ООО Ромашка, Ωμέγα', 'ООО Ромашка, Ωμέγα'],
  ['pictures', 'Acme 🚀🔥 Ltda 👨‍👩‍👧 🇧🇷', 'Acme Ltda'],
  ['a direction that is turned', 'abc\u202egnp.exe\u202c\u2066x\u2069', 'abcgnp.exex'],
  ['a script', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['line feeds and null', 'one\r\ntwo\u0000three', 'one twothree'],
  ['marks that stack up', `Z${'\u0300\u0315\u0322'.repeat(50)}algo`, 'Zalgo'],
  ['letters that the font lacks', '株式会社 Acme עברית', '? Acme ?'],
  ['nothing that could be shown', '🚀\u200b', '–'],
  ['nothing', '', '–'],
  ['half of a pair', 'a\ud800b', 'ab'],
])('%s', (_what, text, shown) => {
  expect(printable(text, 60)).toBe(shown);
});

test('ten thousand characters become as many as there is room for', () => {
  expect(printable('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(19)}…`);
  expect(printable('🚀'.repeat(10_000), 20)).toBe('–');
});

test('whatever people type, each character that is left is one that every cut of the font has', () => {
  const fonts = ['Regular', 'Medium', 'Italic', 'MediumItalic'].map(
    (cut) => new Set(openSync(require.resolve(`pdfmake/fonts/Roboto/Roboto-${cut}.ttf`)).characterSet),
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  );
  const lacking = (text: string): readonly string[] =>
    Array.from(text).filter((character) => !fonts.every((font) => font.has(character.codePointAt(0) ?? 0)));
  fc.assert(
    fc.property(anything, (text) => {
      const shown = printable(text, 40);
      expect(Array.from(shown).length).toBeLessThanOrEqual(40);
      expect(lacking(shown)).toEqual([]);
    }),
    { numRuns: 300 },
  );
  const everyCharacter = Array.from({ length: 0x10000 }, (_, code) => String.fromCodePoint(code));
  expect(everyCharacter.filter((character) => lacking(printable(character, 5)).length > 0)).toEqual([]);
});
