import { cases, reminderMailId, subscriptionId, workspaceId } from './audit-world.js';

const { plain } = cases;
const notice = (kind: string, about: string, outcome: string, reason: string): string =>
  `insert into term_notice (subscription_id, workspace_id, term_ends_on, kind, about, outcome, reason, decided_at)
   values ('${subscriptionId(plain)}', '${workspaceId(plain)}', '2027-09-01', '${kind}', '${about}', '${outcome}', ${reason}, now())`;
const mail = (key: string): string =>
  `update notification set dedupe_key = '${key}:${subscriptionId(plain)}:2027-09-01:7' where id = '${reminderMailId}'`;

/** For each audit of what is told around the end of a term the corruptions that it must notice, each by itself. */
export const termPlants = {
  B15: [
    notice('card-expiring', 'visa 4242 2027-07', 'told', 'null'),
    notice('data-ending', '7', 'told', 'null'),
    `${notice('data-ending', '7', 'suppressed', `'overtaken'`)}; ${mail('data_ending')}`,
    mail('card_expiring'),
    mail('data_ending'),
    mail('subscription_expired'),
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
