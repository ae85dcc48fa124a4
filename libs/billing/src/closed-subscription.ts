import { refused } from './requests-once.js';
import type { FreshOutcome } from './requests-once.js';

/** The answer for a workspace whose subscription was closed: nothing can be bought for it, or changed. */
export function refuseClosed(field: string): Extract<FreshOutcome, { kind: 'refused' }> {
  return refused(409, {
    code: 'subscription_closed',
    field,
    found: 'a subscription that was closed for good',
    wanted: 'a new workspace',
  });
}
