import type { PayPage } from '@billfleet/billing';
import { declineText, formatsFor } from '@billfleet/outbound';
import { money } from '@billfleet/domain';
import { escaped, filled, framedPage } from './page-frame.js';
import { payPageTexts } from './pay-page-texts.js';

/** Seconds after which a page that waits looks again. */
const LOOK_AGAIN_S = 2;

/**
 * The page to which a link to pay leads, in the language of the workspace. `goesOn`: its reader pressed the button, so he is taken on as soon
 * as there is a page to pay on.
 */
export function payPageHtml({ order, state }: PayPage, path: string, goesOn: boolean): string {
  const texts = payPageTexts(order.locale);
  const formats = formatsFor(order.locale, order.timeZone);
  const amount = formats.money(money(BigInt(order.amountMinor), order.currency));
  const values = { order: order.number, workspace: order.workspaceName, amount };
  const checkoutUrl = state === 'ready' ? (order.open?.checkoutUrl ?? undefined) : undefined;
  const isUnpaid = ['payable', 'opening', 'ready', 'charging'].includes(state);
  const refresh =
    goesOn && checkoutUrl !== undefined
      ? `<meta http-equiv="refresh" content="0;url=${escaped(checkoutUrl)}">`
      : goesOn && (state === 'opening' || state === 'charging')
        ? `<meta http-equiv="refresh" content="${String(LOOK_AGAIN_S)};url=${escaped(path)}?go=1">`
        : '';
  const declined = isUnpaid && order.declinedFor !== null ? declineText(order.locale, order.declinedFor) : undefined;
  const rows = [
    [texts.order, order.number],
    [texts.plan, order.planName],
    [texts.seats, formats.count(order.seats)],
    [texts.amount, amount],
    ...(isUnpaid ? [[texts.payableUntil, formats.instant(order.expiresAt)]] : []),
  ];
  return framedPage({
    locale: formats.locale,
    title: filled(texts.title, values),
    head: refresh,
    body: `<p>${escaped(filled(texts.lead, values))}</p><p role="status">${escaped(texts.states[state])}</p>
${declined === undefined ? '' : `<p>${escaped(`${declined.reason} ${declined.advice}`)}</p>`}
<dl>${rows.map(([label = '', value = '']) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
${actionOf({ order, state }, path, { pay: filled(texts.pay, values), goOn: texts.goOn, pixCode: texts.pixCode })}`,
  });
}

function actionOf(
  { order, state }: PayPage,
  path: string,
  texts: { readonly pay: string; readonly goOn: string; readonly pixCode: string },
): string {
  // A form without fields, as plain text: there is nothing to read in it.
  if (state === 'payable')
    return `<form method="post" action="${escaped(path)}" enctype="text/plain"><button>${escaped(texts.pay)}</button></form>`;
  if (state !== 'ready') return '';
  const { checkoutUrl = null, pixCode = null } = order.open ?? {};
  if (checkoutUrl !== null) return `<p><a class="go" href="${escaped(checkoutUrl)}">${escaped(texts.goOn)}</a></p>`;
  return pixCode === null ? '' : `<p>${escaped(texts.pixCode)}: <code>${escaped(pixCode)}</code></p>`;
}
