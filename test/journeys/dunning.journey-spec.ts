import { expect, test } from '@jest/globals';
import type { Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { payOnPage } from '../support/payer.js';
import { moveTo } from '../support/term.js';
import { until } from '../support/until.js';

/** Cards that pay on the page; later their bank declines for good, forbids another try, or wants to ask its customer. */
const HARD_LATER = '4000 0000 0000 9987';
const FORBIDDEN_LATER = '4000 0000 0000 9979';
const ASKS_LATER = '4000 0027 6000 3184';

inEveryMode('a renewal that is declined', (given) => {
  async function subscribedWith(card: string): Promise<Customer> {
    const customer = await given.customer('MX');
    await customer.pay(await customer.order(), { card });
    await given.fleet.settle();
    return customer;
  }
  const endOf = async (customer: Customer): Promise<string> => String((await customer.entitlements())?.['endsOn']);

  /** The text of the newest mail with a link to pay, as it arrived. */
  async function mailTo(customer: Customer): Promise<string> {
    const list = await given.fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(customer.email)}`);
    const { messages } = (await list.json()) as { messages: readonly { id: number }[] };
    const texts = await Promise.all(
      messages.map(async ({ id }) => {
        const mail = (await (await given.fleet.atSandbox(`/mailbox/messages/${String(id)}`)).json()) as {
          text: string;
        };
        return mail.text;
      }),
    );
    return texts.find((text) => text.includes('/pay/')) ?? 'no mail has a link to pay';
  }

  const linkIn = (text: string): string => /https?:\/\/\S+\/pay\/[\w.-]+/.exec(text)?.[0] ?? 'no link';
  const look = async (url: string): Promise<string> => (await fetch(url)).text();

  /** Presses the button of the page as a browser does, as often as said at once, and answers where it leads. */
  async function press(link: string, times: number): Promise<string> {
    const presses = Array.from({ length: times }, () =>
      fetch(link, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '', redirect: 'manual' }),
    );
    // A commit that fails is pressed once more, as people do.
    const answers = await Promise.all(presses);
    const location = answers.find(({ status }) => status === 303)?.headers.get('location') ?? undefined;
    if (location === undefined) return press(link, 1);
    const page = await until('the page to pay on is there', () => look(new URL(location, link).href), {
      isDone: (html) => html.includes('content="0;url='),
    });
    return (/content="0;url=([^"]+)"/.exec(page)?.[1] ?? '').replace(/&#(\d+);/g, (_, code: string) =>
      String.fromCharCode(Number(code)),
    );
  }

  test.each([
    ['for good', HARD_LATER, 'ask-for-another-method', 'bank_refused', 'El banco no aprobó el pago.'],
    [
      'with the word that nobody may try again',
      FORBIDDEN_LATER,
      'ask-for-another-method',
      'no_more_tries',
      'no permite otro intento',
    ],
    ['because the bank asks its customer', ASKS_LATER, 'ask-to-confirm', 'confirmation_failed', 'confirma el pago'],
  ])(
    '%s is tried once; the mail asks for what helps, and its link pays once, without a login',
    async (_how, card, asks, reason, words) => {
      const customer = await subscribedWith(card);
      const endsOn = await endOf(customer);
      for (const day of [-3, -2, -1]) await moveTo(given, endsOn, day, 16);
      expect((await customer.story()).attempts).toEqual(['succeeded', 'declined']);
      const told = await given.fleet.sql<{ facts: object }>(
        `select facts from notification where workspace_id = $1 and template = 'payment_declined'`,
        [customer.id],
      );
      expect(told.map(({ facts }) => facts)).toEqual([expect.objectContaining({ asks, reason })]);
      expect(told[0]?.facts).not.toHaveProperty('nextTryAt');
      const text = await mailTo(customer);
      expect(text).toContain(words);
      const link = linkIn(text);
      // Programs that follow links in mails change nothing.
      expect(await look(link)).toContain('Este pedido aún no está pagado.');
      await look(link);
      await given.fleet.settle();
      expect((await customer.story()).attempts).toEqual(['succeeded', 'declined']);
      const checkoutUrl = await press(link, 3);
      expect((await customer.story()).attempts).toEqual(['succeeded', 'declined', 'pending']);
      await payOnPage(checkoutUrl);
      await given.fleet.settle();
      const story = await customer.story();
      expect(story).toMatchObject({
        ...{ orders: ['fulfilled', 'fulfilled'], attempts: ['succeeded', 'declined', 'succeeded'], dead: [] },
      });
      // Whoever lives through every day is reminded before; the days that the fleet's time leaps over have no reminder.
      expect(story.mails.filter((template) => template !== 'renewal_reminder')).toEqual([
        ...['payment_declined', 'receipt', 'receipt'],
      ]);
      const after = await look(link);
      expect(after).toContain('Este pedido está pagado.');
      expect(after).not.toContain('<form');
      await fetch(link, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '' });
      await given.fleet.settle();
      expect((await customer.story()).attempts).toHaveLength(3);
      expect((await fetch(`${link.slice(0, -1)}${link.endsWith('A') ? 'E' : 'A'}`)).status).toBe(404);
    },
  );

  test('and is not paid until the days of grace are over: the link says that its time is over', async () => {
    const customer = await subscribedWith(HARD_LATER);
    const endsOn = await endOf(customer);
    await moveTo(given, endsOn, -3, 16);
    const link = linkIn(await mailTo(customer));
    await moveTo(given, endsOn, 4, 16);
    expect(await look(link)).toContain('Este pedido ya no se puede pagar.');
    await fetch(link, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '' });
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['fulfilled', 'expired'], attempts: ['succeeded', 'declined'] },
    });
  });
});
