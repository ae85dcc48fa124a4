import type { PaymentRow } from '../ledger/rows.js';
import { amountOf } from '../merchant/wire.js';
import { html } from './html.js';
import type { SafeHtml } from './html.js';
import { layout, shownAmount, shownInstant } from './layout.js';

/** What the list shows: one page of payments, newest first, and where the older ones begin. */
export type PaymentList = {
  readonly payments: readonly PaymentRow[];
  readonly count: number;
  readonly before: number | undefined;
};

const row = (payment: PaymentRow): SafeHtml => {
  const what =
    payment.kind === 'checkout'
      ? html`<a href="/pay/${payment.reference}">${payment.description}</a>`
      : payment.description;
  const refunded =
    payment.refundedMinor === 0n
      ? undefined
      : `, refunded ${shownAmount('en', payment.refundedMinor, payment.currency)}`;
  return html`<tr>
    <td>${shownInstant('en', payment.createdAt)}</td>
    <td>${what}</td>
    <td>${payment.method}${payment.storedMethod === undefined ? '' : ` ${payment.storedMethod.last4}`}</td>
    <td class="number">${shownAmount('en', amountOf(payment), payment.currency)}</td>
    <td><span class="state-${payment.state}">${payment.state}</span>${refunded}</td>
    <td><code>${payment.orderId}</code></td>
    <td><code>${payment.attemptId}</code></td>
  </tr>`;
};

const table = (list: PaymentList): SafeHtml =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Payments">
      <table>
        <thead>
          <tr>
            <th scope="col">Made</th>
            <th scope="col">What</th>
            <th scope="col">Method</th>
            <th scope="col" class="number">Amount</th>
            <th scope="col">State</th>
            <th scope="col">Order</th>
            <th scope="col">Attempt</th>
          </tr>
        </thead>
        <tbody>
          ${list.payments.map(row)}
        </tbody>
      </table>
    </div>
    ${list.before === undefined ? undefined : html`<p><a href="/?before=${list.before}">Older</a></p>`}`;

/** All payments of the sandbox, for developers. */
export function listPage(list: PaymentList): SafeHtml {
  const empty = html`<p>No payment yet. Place an order, and its checkout appears here.</p>`;
  return layout({
    language: 'en',
    title: 'Sandbox payment provider',
    banner: 'Sandbox: no real money moves',
    isWide: true,
    body: html`<section class="panel">
      <h1>Payments (${list.count})</h1>
      <p><a href="/dev/mailbox">Mailbox</a> · <a href="/host">Host product</a></p>
      ${list.count === 0 ? empty : table(list)}
    </section>`,
  });
}
