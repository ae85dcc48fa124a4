import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pictureOrigin, readTheme } from './theme.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-theme-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fileWith = (content: unknown): string => {
  const file = path.join(folder, 'theme.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

test('without a file, or with a name alone, pages look as usual', () => {
  expect(readTheme(undefined)).toMatchObject({ name: 'Billfleet', logo: null, radius: 'small' });
  const { name, ...looks } = readTheme(fileWith({ name: 'Padaria' }));
  expect(name).toBe('Padaria');
  expect(readTheme(undefined)).toMatchObject(looks);
});

test('a whole theme is read, and pictures of another host come from there', () => {
  const theme = {
    ...{ name: 'Padaria', logo: 'https://cdn.example.com/a/logo.svg', radius: 'large' },
    ...{ colours: { accent: '#8a2be2', accentInDark: '#c9a7ff' }, supportEmail: 'help@example.com' },
  };
  expect(readTheme(fileWith(theme))).toEqual(theme);
  expect(pictureOrigin(readTheme(fileWith(theme)))).toBe('https://cdn.example.com');
  const own = { ...theme, logo: 'data:image/png;base64,iVBORw0KGgo=' };
  expect(pictureOrigin(readTheme(fileWith(own)))).toBeUndefined();
});

const broken: readonly (readonly [string, unknown])[] = [
  ['no JSON', '{'],
  ['no name', {}],
  ['an unknown field', { name: 'x', font: 'Comic Sans' }],
  ['a logo over plain http', { name: 'x', logo: 'http://cdn.example.com/logo.png' }],
  ['a logo that is a script', { name: 'x', logo: 'javascript:alert(1)' }],
  ['a logo that is a page', { name: 'x', logo: 'data:text/html;base64,PGI+' }],
  ['a logo that would write into the policy', { name: 'x', logo: 'https://a.example/x; script-src *' }],
  ['a colour that is none', { name: 'x', colours: { accent: 'red', accentInDark: '#7ab5ff' } }],
  ['a colour that nobody can read', { name: 'x', colours: { accent: '#ffee88', accentInDark: '#7ab5ff' } }],
  ['a dark colour for the dark', { name: 'x', colours: { accent: '#0b5fff', accentInDark: '#202060' } }],
  ['an address that is none', { name: 'x', supportEmail: 'help' }],
];

test.each(broken)('%s stops the gateway from starting, and says why', (_name, content) => {
  expect(() => readTheme(fileWith(content))).toThrow(/BILLFLEET_THEME_FILE/);
});

test('a file that is not there does so too', () => {
  expect(() => readTheme(path.join(folder, 'nowhere.json'))).toThrow(/cannot be read/);
});
