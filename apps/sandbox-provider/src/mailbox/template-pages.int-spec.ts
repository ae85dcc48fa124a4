import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mailLanguages, mailSamples, mailTemplates } from '@billfleet/outbound';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TemplatePagesController } from './template-pages.controller.js';

@Module({ controllers: [TemplatePagesController] })
class Pages {}

let app: NestFastifyApplication;
let baseUrl: string;

beforeAll(async () => {
  const settings = { logger: false, abortOnError: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(Pages, new FastifyAdapter(), settings);
  await app.listen(0, '127.0.0.1');
  baseUrl = await app.getUrl();
});
afterAll(() => app.close());

const read = async (path: string): Promise<{ status: number; text: string; policy: string | null }> => {
  const answer = await fetch(`${baseUrl}/dev/mailbox/templates${path}`);
  return {
    status: answer.status,
    text: await answer.text(),
    policy: answer.headers.get('content-security-policy'),
  };
};

const forms = mailTemplates.flatMap((template) =>
  mailSamples[template].map((_, nth) => `/${template}/${String(nth + 1)}`),
);
const views = forms.flatMap((form) => mailLanguages.map((locale) => ({ form, locale })));

test('the list leads to every template in every form and language', async () => {
  const { status, text } = await read('');
  expect(status).toBe(200);
  for (const { form, locale } of views) {
    expect(text).toContain(`href="/dev/mailbox/templates${form}?locale=${locale}&amp;scheme=light&amp;width=desk"`);
  }
});

test.each(views)(
  '$form in $locale is shown, in the light and in the dark whatever the browser prefers',
  async (view) => {
    const choices = `?locale=${view.locale}&scheme=`;
    const page = await read(`${view.form}${choices}dark`);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`src="/dev/mailbox/templates${view.form}/html?locale=${view.locale}&amp;scheme=dark`);
    const [light, dark] = [
      await read(`${view.form}/html${choices}light`),
      await read(`${view.form}/html${choices}dark`),
    ];
    expect(light.text).toContain(`<html lang="${view.locale}"`);
    expect(light.text).toContain('@media not all {');
    expect(dark.text).toContain('@media all {');
    expect(light.text + dark.text).not.toContain('prefers-color-scheme');
    expect(dark.policy).toContain('sandbox');
  },
);

test.each(['/receipt/9', '/receipt/0', '/receipt/1e0', '/nothing/1', '/constructor/1', '/nothing/1/html'])(
  'there is no mail at %s',
  async (path) => {
    expect((await read(path)).status).toBe(404);
  },
);

test('choices that nobody offers are taken as the first of each', async () => {
  const page = await read('/receipt/1?locale="><script>&scheme=neon&width=9&locale=es');
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('<script>');
  expect(page.text).toContain('src="/dev/mailbox/templates/receipt/1/html?locale=en&amp;scheme=light&amp;width=desk"');
});

test('a picture that would travel inside the mail is shown, and asked for from nowhere', async () => {
  const { text, policy } = await read('/order_to_pay/1/html?locale=pt-BR&scheme=light');
  expect(text).toMatch(/<img src="data:image\/png;base64,[\w+/=]{200,}"/);
  expect(text).not.toContain('cid:');
  expect(policy).toContain('img-src data:');
});
