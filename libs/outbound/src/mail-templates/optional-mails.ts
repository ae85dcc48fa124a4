import type { MailTemplate } from './facts.js';

/** Mails that nothing depends on: whoever does not want them may stop them. All others are owed to whoever pays. */
const optional: ReadonlySet<string> = new Set<MailTemplate>(['usage_warning']);

/** Whether the readers of a template may stop it. */
export function isOptionalMail(template: string): boolean {
  return optional.has(template);
}
