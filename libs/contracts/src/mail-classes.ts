/**
 * How often a mail may arrive. `at_most_once`: sent again only after a sure refusal, so it may be missing but is never
 * doubled. `at_least_once`: sent again whenever it is not sure to have arrived.
 */
export type MailClass = 'at_most_once' | 'at_least_once';

/** Every mail that the fleet sends, by its template, with its class. */
export const mailClasses = {
  sign_in_link: 'at_most_once',
  order_to_pay: 'at_least_once',
  receipt: 'at_least_once',
  renewal_reminder: 'at_most_once',
  card_expiring: 'at_most_once',
  data_ending: 'at_least_once',
  subscription_expired: 'at_least_once',
  auto_renewal_switched: 'at_least_once',
  payment_method_replaced: 'at_least_once',
  payment_declined: 'at_least_once',
  payment_refunded: 'at_least_once',
  refund_returned: 'at_least_once',
  order_expired: 'at_least_once',
  invoice_to_pay: 'at_least_once',
  invoice_credited: 'at_least_once',
  usage_warning: 'at_most_once',
  usage_limit_reached: 'at_most_once',
  seats_reduced: 'at_least_once',
  subscription_closed: 'at_least_once',
  chargeback_opened: 'at_least_once',
  enterprise_received: 'at_least_once',
  enterprise_requested: 'at_least_once',
} as const satisfies Readonly<Record<string, MailClass>>;
