import type { RenewalRules } from '@billfleet/domain';

/** The end of a term as the catalogue that is sold has it. */
export const renewalRules: RenewalRules = {
  ...{ cardDays: 30, reminderDays: 9, chargeDays: 3, graceDays: 3, dataDays: 90, dataWarningDays: [30, 7, 1] },
  mailHours: { from: 9, to: 18 },
  dunning: {
    chargeHours: [0, 24, 48, 72],
    onDecline: {
      soft: 'retry',
      hard: 'ask-for-another-method',
      authentication: 'ask-to-confirm',
      'do-not-retry': 'ask-for-another-method',
    },
  },
};
