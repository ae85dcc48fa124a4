import type { PayPage } from '@billfleet/billing';
import { declineText, formatsFor } from '@billfleet/outbound';
import { money } from '@billfleet/domain';
import { payPageTexts } from './pay-page-texts.js';

/** Scripts never run here, and forms go nowhere else. */
export const PAY_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const STYLE = `body{font:1.05rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.5rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1.5rem}dt{opacity:.75}dd{margin:0}code{overflow-wrap:anywhere}
button,.go{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:0;border-radius:.4rem;background:#0b5fff;color:#fff;text-decoration:none;display:inline-block}`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

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
  const title = escaped(filled(texts.title, values));
  return `<!doctype html><html lang="${escaped(formats.locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">${refresh}<title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1><p>${escaped(filled(texts.lead, values))}</p><p role="status">${escaped(texts.states[state])}</p>
${declined === undefined ? '' : `<p>${escaped(`${declined.reason} ${declined.advice}`)}</p>`}
<dl>${rows.map(([label = '', value = '']) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
${actionOf({ order, state }, path, { pay: filled(texts.pay, values), goOn: texts.goOn, pixCode: texts.pixCode })}</main></body></html>`;
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
