import type { Config } from '@billfleet/platform';
import { CommandError, exitCodes } from '../exit-codes.js';
import { portHolder } from '../fleet/port-holder.js';
import { isPortFree } from '../services.js';

/** Refuses to start when a port that the configuration names is taken: says which, by whom, and which variable changes it. */
export async function checkPorts(config: Config): Promise<void> {
  const wanted: [string, number][] = [
    ['PORT', config.port],
    ['BILLFLEET_SANDBOX_PORT', config.sandboxPort],
    ['BILLFLEET_MAILBOX_SMTP_PORT', config.mailboxSmtpPort],
  ];
  const faults: string[] = [];
  for (const [variable, port] of wanted) {
    if (port === 0 || (await isPortFree(port))) continue;
    const holder = portHolder(port);
    faults.push(
      `port ${String(port)} is in use${holder === undefined ? '' : ` by ${holder}`}; set ${variable} to another port`,
    );
  }
  if (faults.length > 0) throw new CommandError(exitCodes.configuration, faults.join('\n'));
}
