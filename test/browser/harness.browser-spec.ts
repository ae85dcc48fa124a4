import { expect, test } from '@jest/globals';
import { inBrowser } from './support/in-browser.js';

inBrowser('what tests in a browser notice', (stage) => {
  const proof = async (script: string): Promise<string> => {
    const person = await stage.person();
    await person.provesSound();
    await person.page.evaluate(script);
    const error = await person.provesSound().then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    return error?.message ?? 'nothing';
  };

  test.each([
    ['an error in the console', `console.error('planted')`, 'console: planted'],
    ['an error that nobody caught', `void setTimeout(() => { throw new Error('planted') })`, 'not caught: planted'],
    ['a refused answer', `fetch('/v1/no/such/door').then(() => undefined)`, 'answer: 404 GET'],
    [
      'a script that is not of the page',
      `document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))`,
      'content policy: script-src',
    ],
    ['a picture without words', `document.body.append(document.createElement('img'))`, 'image-alt'],
    ['a name of a text', `document.body.append('tabs.plan')`, 'raw key: tabs.plan'],
    ['a hole in a text', `document.body.append('{{count}} seats')`, 'a hole in the text'],
    [
      'what is wider than the window',
      `document.body.append(Object.assign(document.createElement('p'), { textContent: 'wide', style: 'width: 3000px' }))`,
      'wider than the window',
    ],
  ])('%s', async (_, script, found) => {
    expect(await proof(script)).toContain(found);
  });
});
