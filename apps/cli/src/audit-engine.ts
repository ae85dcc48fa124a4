import { sandboxTruth } from '@billfleet/payments';
import type { Config } from '@billfleet/platform';
import { audits } from '@billfleet/store';
import type { AuditResult, MailDelivery, Truth } from '@billfleet/store';
import { z } from 'zod';
import type { AuditEngine } from './commands/audit.js';
import { openStore } from './open-store.js';
import { auditPrices } from './price-audit.js';
import { say } from './terminal.js';

const MAILBOX_TIMEOUT_MS = 30_000;

const mailboxTruth = z.object({ deliveries: z.array(z.object({ messageId: z.string(), count: z.int() })) });

/** Runs the audits; the sandbox's own records of payments and mails are asked for wherever there is a sandbox. */
export const auditEngine: AuditEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  try {
    const results = [...(await audits.runAudits(open.source, truthOf(config))), await auditPrices(open.store)];
    for (const line of skippedLines(results)) say(line);
    return results;
  } finally {
    await open.close();
  }
};

/** In production nobody but the real provider and the real mail server know; the sandbox is none of them. */
function truthOf(config: Config): Truth {
  if (config.environment === 'production') return {};
  return {
    payments: sandboxTruth({ baseUrl: config.sandboxUrl, apiKey: config.sandboxApiKey }),
    ...(sendsToMailbox(config) ? { mails: readMailbox(config.sandboxUrl) } : {}),
  };
}

/** Mails that leave through another server never reach the sandbox's mailbox, so its record would say that all were lost. */
function sendsToMailbox(config: Config): boolean {
  const smtp = new URL(config.smtpUrl);
  return smtp.port === String(config.mailboxSmtpPort) && smtp.hostname === new URL(config.sandboxUrl).hostname;
}

async function* readMailbox(sandboxUrl: string): AsyncGenerator<MailDelivery> {
  const reply = await fetch(new URL('/mailbox/truth', sandboxUrl), {
    signal: AbortSignal.timeout(MAILBOX_TIMEOUT_MS),
  });
  if (!reply.ok) throw new Error(`the mailbox answered ${String(reply.status)} when asked for its deliveries`);
  yield* mailboxTruth.parse(await reply.json()).deliveries;
}

/** One line per reason, however many audits it stops. */
function skippedLines(results: readonly AuditResult[]): readonly string[] {
  const idsByReason = new Map<string, string[]>();
  for (const { id, skipped } of results)
    if (skipped !== undefined) idsByReason.set(skipped, [...(idsByReason.get(skipped) ?? []), id]);
  return [...idsByReason].map(([reason, ids]) => `skipped ${ids.join(', ')}: ${reason}`);
}
