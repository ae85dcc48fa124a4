import { declineAnswers } from '@billfleet/domain';
import type { RenewalRules } from '@billfleet/domain';
import type { z } from 'zod';
import type { CatalogueFault } from './catalogue-file-faults.js';
import { fault } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';
import { choice, fields, listOf, whole } from './catalogue-file-shapes.js';

const answer = choice(declineAnswers);

/** What `renewal` holds, field by field. */
export const renewalShape = fields({
  cardDays: whole(1, 180),
  reminderDays: whole(1, 90),
  chargeDays: whole(1, 60),
  graceDays: whole(0, 60),
  dataDays: whole(1, 3_650),
  dataWarningDays: listOf(whole(1, 365), 0),
  mailHours: fields({ from: whole(0, 23), to: whole(1, 24) }),
  dunning: fields({
    chargeHours: listOf(whole(0, 2_880), 1),
    onDecline: fields({ soft: answer, hard: answer, authentication: answer, 'do-not-retry': answer }),
  }),
}) satisfies z.ZodType<RenewalRules>;

type Loose = NonNullable<LooseFile['renewal']>;

/** A charge is made in the course of a day, and clocks may change on the way: so much of the days before the end of grace is lost. */
const LOST_HOURS = 2;
const CHARGES_MAX = 10;

/** Finds what does not fit together: people are told before they are charged, and the last charge still counts from the old end. */
export function checkRenewal({ renewal }: LooseFile): readonly CatalogueFault[] {
  if (renewal === undefined) return [];
  return [...checkOrder(renewal), ...checkHours(renewal), ...checkCharges(renewal), ...checkWarnings(renewal)];
}

function checkOrder({ cardDays, reminderDays, chargeDays }: Loose): readonly CatalogueFault[] {
  if (reminderDays === undefined) return [];
  const late =
    chargeDays !== undefined && chargeDays >= reminderDays
      ? [
          fault(
            ['renewal', 'chargeDays'],
            chargeDays,
            `less than renewal.reminderDays, which is ${String(reminderDays)}`,
          ),
        ]
      : [];
  const early =
    cardDays !== undefined && cardDays <= reminderDays
      ? [fault(['renewal', 'cardDays'], cardDays, `more than renewal.reminderDays, which is ${String(reminderDays)}`)]
      : [];
  return [...late, ...early];
}

function checkHours({ mailHours }: Loose): readonly CatalogueFault[] {
  const { from, to } = mailHours ?? {};
  if (from === undefined || to === undefined || from < to) return [];
  return [fault(['renewal', 'mailHours', 'to'], to, `more than renewal.mailHours.from, which is ${String(from)}`)];
}

function checkCharges({ chargeDays, graceDays, mailHours, dunning }: Loose): readonly CatalogueFault[] {
  const hours = (dunning?.chargeHours ?? []).flatMap((hour) => hour ?? []);
  const path = ['renewal', 'dunning', 'chargeHours'];
  const found = hours.join(', ');
  if (hours.length === 0) return [];
  if (hours[0] !== 0) return [fault(path, found, 'hours from the first charge on: the first is 0')];
  if (hours.length > CHARGES_MAX) return [fault(path, found, `at most ${String(CHARGES_MAX)} charges`)];
  const isRising = hours.every((hour, index) => index === 0 || hour > (hours[index - 1] ?? 0));
  if (!isRising) return [fault(path, found, 'hours that rise from charge to charge')];
  if (chargeDays === undefined || graceDays === undefined || mailHours?.from === undefined) return [];
  const most = (chargeDays + graceDays) * 24 - mailHours.from - LOST_HOURS;
  if ((hours.at(-1) ?? 0) <= most) return [];
  return [fault(path, found, `hours up to ${String(most)}, so that the last charge is before the end of grace`)];
}

function checkWarnings({ graceDays, dataDays, dataWarningDays }: Loose): readonly CatalogueFault[] {
  const days = dataWarningDays.flatMap((one) => one ?? []);
  const path = ['renewal', 'dataWarningDays'];
  const double = days.find((one, index) => days.indexOf(one) !== index);
  if (double !== undefined) return [fault(path, days.join(', '), 'each number of days once')];
  if (graceDays === undefined || dataDays === undefined) return [];
  if (dataDays <= graceDays)
    return [fault(['renewal', 'dataDays'], dataDays, `more than renewal.graceDays, which is ${String(graceDays)}`)];
  const most = dataDays - graceDays;
  if (days.every((one) => one <= most)) return [];
  return [fault(path, days.join(', '), `days up to ${String(most)}, so that people are warned after the grace`)];
}
