import { mailClasses } from '@billfleet/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mailFacts, mailTemplates } from './facts.js';
import type { MailTemplate } from './facts.js';
import { mailSamples, sampleOrder } from './mail-samples.js';
import { languages } from './messages.js';
import { renderMail, renderStoredMail } from './render-mail.js';
import type { RenderedMail } from './render-mail.js';

const readers = [
  { locale: 'en-US', timeZone: 'America/New_York', amount: 'R$1,234.56', lastDay: 'August 31, 2026' },
  { locale: 'es-MX', timeZone: 'America/Mexico_City', amount: 'BRL 1,234.56', lastDay: '31 de agosto de 2026' },
  { locale: 'pt-BR', timeZone: 'America/Sao_Paulo', amount: 'R$ 1.234,56', lastDay: '31 de agosto de 2026' },
];
const publicUrl = 'https://billing.example.com/';

const cases = mailTemplates.flatMap((template) =>
  mailSamples[template].flatMap((facts, index) => readers.map((reader) => ({ template, index, facts, reader }))),
);

const rendered = (template: MailTemplate, facts: unknown, reader: { locale: string; timeZone: string }): RenderedMail =>
  renderMail(template, mailFacts[template].parse(facts), { ...reader, publicUrl });

const linksIn = (text: string): string[] =>
  (text.match(/https?:\/\/[^\s"<]+/g) ?? []).map((url) => url.replaceAll('&amp;', '&'));

const withAmount = cases.filter(({ facts }) => 'amount' in facts);

test.each(withAmount)(
  '$template $index in $reader.locale says the amount, in all parts',
  ({ template, facts, reader }) => {
    const mail = rendered(template, facts, reader);
    expect(mail.text).toContain(reader.amount);
    expect(mail.html.replaceAll('\u00a0', ' ')).toContain(reader.amount);
    expect(mail.subject).toMatch(/1[.,]234[.,]56/);
  },
);

describe.each(cases)('$template $index in $reader.locale', ({ template, facts, reader }) => {
  const mail = rendered(template, facts, reader);

  test('leaves no key, placeholder or empty value behind', () => {
    for (const text of [mail.subject, mail.text, mail.html.replace(/<style>.*?<\/style>/s, '')]) {
      expect(text).not.toMatch(/[{}]|undefined|\[object|Invalid Date|NaN/);
      expect(text).not.toMatch(
        /\b(receipt|reminder|declined|refunded|expired|usage|reduced|closed|chargeback|enterpriseReceived|enterpriseRequested|ended|renewalSwitch|methodReplaced|methodStored|switches|doer|signIn|label|common|method)\.[a-z]/,
      );
    }
  });

  test('names its language, follows dark mode, has one heading and stays small', () => {
    expect(mail.html.startsWith(`<!doctype html><html lang="${reader.locale}" dir="ltr">`)).toBe(true);
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(mail.html.match(/<h1/g)).toHaveLength(1);
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000);
  });

  test('has one absolute link, the same in both parts', () => {
    expect(linksIn(mail.html)).toEqual(['https://billing.example.com/billing/orders/0199?tab=pay']);
    expect(linksIn(mail.text)).toEqual(linksIn(mail.html));
  });

  test('escapes what people typed', () => {
    expect(mail.html).toContain('Padaria &lt;b&gt;São João&lt;/b&gt; &amp; Filhos');
    expect(mail.html).not.toContain('<b>');
    expect(mail.text).toContain(sampleOrder.workspaceName);
  });

  test('is the same mail each time', () => {
    expect(rendered(template, facts, reader)).toEqual(mail);
  });
});

describe('the receipt', () => {
  test.each(readers)('says everything that was bought, in the time zone of the workspace ($locale)', (reader) => {
    const { text } = rendered('receipt', mailSamples.receipt[0], reader);
    expect(text).toContain('BF-2026-000042');
    expect(text).toContain('Advanced');
    expect(text).toMatch(/: 5 (seats|usuarios|usuários)/);
    expect(text).toMatch(/: 6 (months|meses)/);
    expect(text).toContain('Pix');
    expect(text).toContain(reader.lastDay);
    expect(text).toMatch(/September 1, 2026|1 de septiembre de 2026|1 de setembro de 2026/);
    expect(text).toMatch(/March 1, 2027|1 de marzo de 2027|1 de março de 2027/);
  });

  test('counts one seat and one month in the singular', () => {
    const facts = { ...mailSamples.receipt[0], seats: 1, periodMonths: 1 };
    expect(rendered('receipt', facts, { locale: 'pt-BR', timeZone: 'UTC' }).text).toMatch(/: 1 usuário\n.*: 1 mês\n/);
  });
});

describe('a declined payment', () => {
  const english = { locale: 'en', timeZone: 'UTC' };

  test('gives the reason and what to do about it', () => {
    const { text } = rendered('payment_declined', mailSamples.payment_declined[0], english);
    expect(text).toContain('The card has expired. Please pay with a card that is still valid.');
    expect(text).toContain('We try again on September 2, 2026');
  });

  test('falls back to the general reason for a code that nobody knows', () => {
    const { text } = rendered('payment_declined', mailSamples.payment_declined[1], english);
    expect(text).toContain('The payment was not approved.');
    expect(text).not.toContain('a code of tomorrow');
  });
});

describe('an order to pay with a code', () => {
  test.each(readers)('has the code as text and as a picture that HTML names ($locale)', (reader) => {
    const [facts] = mailSamples.order_to_pay;
    const { text, html, pictures } = rendered('order_to_pay', facts, reader);
    expect(text.split('\n')).toContain(facts?.pixCode);
    expect(html).toContain(`>${facts?.pixCode ?? ''}</p>`);
    expect(pictures).toHaveLength(1);
    expect(html).toMatch(
      new RegExp(`<img src="cid:${pictures?.[0]?.cid ?? ''}" alt="[^"]{20,}" loading="lazy" width="\\d{3}"`),
    );
    expect(html).not.toContain('<link');
    // The end of the code, in the time zone of the workspace.
    expect(text.split(reader.lastDay).length - 1).toBe(2);
  });
});

describe('a use of a limit', () => {
  test.each(readers)('is told with count, limit and thing ($locale)', (reader) => {
    const { subject, text } = rendered('usage_warning', mailSamples.usage_warning[0], reader);
    expect(subject).toMatch(/^Leads: .*75 %/);
    expect(text).toMatch(/Leads, 123[.,]456 (of|de) 150[.,]000/);
  });

  test.each(readers)('says when the block begins, in the time zone of the workspace ($locale)', (reader) => {
    const { text } = rendered('usage_limit_reached', mailSamples.usage_limit_reached[0], reader);
    expect(text.split(reader.lastDay).length - 1).toBe(2);
  });
});

describe('a request for a contract', () => {
  const english = { locale: 'en', timeZone: 'UTC' };

  test('tells sales all of it', () => {
    const { subject, text, html } = rendered('enterprise_requested', mailSamples.enterprise_requested[0], english);
    expect(subject).toContain('New Enterprise request');
    for (const one of ['Ana Souza', 'ana@customer.example', '+55 11 5555-0100', 'Padaria Aurora', '80 seats'])
      expect(text).toContain(one);
    expect(text).toContain('Message: Two offices. Please call <i>after</i> ten.');
    expect(html).not.toContain('<i>');
  });

  test('repeats to its contact nothing that a stranger could have written to him', () => {
    const facts = { ...mailSamples.enterprise_requested[0], message: 'buy pills at https://evil.example' };
    const { text } = rendered('enterprise_received', facts, english);
    expect(text).toContain('Thank you, Ana Souza.');
    expect(text).not.toContain('pills');
  });
});

describe('a mail that may be stopped', () => {
  const context = { locale: 'en', timeZone: 'UTC', publicUrl, unsubscribePath: '/mail/unsubscribe/signed' };
  const url = 'https://billing.example.com/mail/unsubscribe/signed';

  test.each(mailTemplates)('%s says how, or leaves no way to miss what is owed', (template) => {
    const mail = renderStoredMail(template, mailSamples[template][0], context);
    const isOptional = template === 'usage_warning';
    expect(mail.headers).toEqual(
      isOptional
        ? { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
        : undefined,
    );
    for (const links of [linksIn(mail.html), linksIn(mail.text)]) expect(links.includes(url)).toBe(isOptional);
  });
});

describe('languages', () => {
  const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

  test.each(['es', 'pt'] as const)('%s has every key and placeholder of English, and no others', (language) => {
    expect(Object.keys(languages[language]).sort()).toEqual(Object.keys(languages.en).sort());
    for (const key of Object.keys(languages.en) as (keyof typeof languages.en)[]) {
      expect([key, placeholders(languages[language][key])]).toEqual([key, placeholders(languages.en[key])]);
    }
  });

  test('a locale without texts gets English in words and formats', () => {
    const { html, text } = rendered('receipt', mailSamples.receipt[0], { locale: 'fr-FR', timeZone: 'UTC' });
    expect(html).toContain('<html lang="en"');
    expect(text).toContain('R$1,234.56');
  });
});

describe('stored facts', () => {
  test('amounts keep every minor unit, up to the largest', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 100_000_000_000n }),
        fc.constantFrom('USD', 'BRL'),
        (amountMinor, currency) => {
          const facts = { ...mailSamples.order_expired[0], amount: { amountMinor: String(amountMinor), currency } };
          const { text } = rendered('order_expired', facts, { locale: 'en-US', timeZone: 'UTC' });
          const shown = /^Amount: (?:R\$|\$)([\d,]+)\.(\d\d)$/m.exec(text);
          expect(BigInt(`${shown?.[1]?.replaceAll(',', '') ?? ''}${shown?.[2] ?? ''}`)).toBe(amountMinor);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'billing', '/a b', '/"onclick'])(
    'refuses the path %s for the button',
    (actionPath) => {
      expect(mailFacts.order_expired.safeParse({ ...mailSamples.order_expired[0], actionPath }).success).toBe(false);
    },
  );

  test('takes line breaks and direction overrides out of names', () => {
    const workspaceName = 'Ana\r\nBcc: all@example.com\u202e';
    const facts = mailFacts.order_expired.parse({ ...mailSamples.order_expired[0], workspaceName });
    expect(facts.workspaceName).toBe('Ana Bcc: all@example.com');
  });

  test('refuses amounts that are no whole minor units', () => {
    for (const amountMinor of ['1.5', '-1', '', '1e3', 5]) {
      const facts = { ...mailSamples.order_expired[0], amount: { amountMinor, currency: 'USD' } };
      expect(mailFacts.order_expired.safeParse(facts).success).toBe(false);
    }
  });
});

test('only what reminds, warns and lets in may rather be missing than doubled', () => {
  expect(mailTemplates.filter((template) => mailClasses[template] === 'at_most_once')).toEqual([
    'sign_in_link',
    'renewal_reminder',
    'card_expiring',
    'usage_warning',
    'usage_limit_reached',
  ]);
});
