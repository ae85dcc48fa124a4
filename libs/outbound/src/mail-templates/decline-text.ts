import { declineReasonOf } from './facts.js';
import { languageOf } from './messages.js';

/** Why a payment was declined and what to do about it, for a reader; codes that nobody knows get the general case. */
export function declineText(locale: string, code: string): { readonly reason: string; readonly advice: string } {
  const { translate } = languageOf(locale);
  const reason = declineReasonOf(code);
  return { reason: translate(`declined.${reason}.reason`), advice: translate(`declined.${reason}.advice`) };
}
