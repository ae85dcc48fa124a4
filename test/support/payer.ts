/** What the payer does on the page: which card, and whether the page should take it. */
export type PaidHow = { readonly card?: string; readonly isRefused?: boolean };

const attribute = (tag: string, name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];

/** Opens the provider's page, fills in its own form, sends it as a browser does and follows the way back. */
export async function payOnPage(checkoutUrl: string, how: PaidHow = {}): Promise<void> {
  const page = await fetch(checkoutUrl);
  const markup = await page.text();
  if (page.status !== 200) throw new Error(`the checkout page answered ${String(page.status)}`);
  const form = /<form[^>]*method="post"[^>]*>[^]*?<\/form>/.exec(markup)?.[0];
  if (form === undefined) throw new Error('the checkout page has no form: it takes no payment any more');
  const fields = new URLSearchParams();
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name');
    if (name === undefined) continue;
    const isTyped = attribute(tag, 'type') !== 'hidden';
    fields.set(name, isTyped ? (how.card ?? '4242 4242 4242 4242') : (attribute(tag, 'value') ?? ''));
  }
  const target = new URL(attribute(form, 'action') ?? '', checkoutUrl);
  const answer = await fetch(target, { method: 'POST', body: fields, redirect: 'manual' });
  const wanted = how.isRefused === true ? 402 : 303;
  if (answer.status !== wanted) throw new Error(`the page answered ${String(answer.status)}: ${await answer.text()}`);
  if (wanted === 402) return;
  const back = await fetch(answer.headers.get('location') ?? '');
  if (back.status !== 200) throw new Error(`the way back from the page answered ${String(back.status)}`);
}
