import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { Command } from 'commander';
import { examine } from '../doctor/checkup.js';
import type { Check, Finding } from '../doctor/checkup.js';
import { environmentToUse, requireServer } from '../environment.js';
import { exitCodes } from '../exit-codes.js';
import { appNames } from '../fleet-processes.js';
import { runningFleet } from '../local-state.js';
import type { RunningFleet } from '../local-state.js';
import { print, printJson } from '../terminal.js';

const FIX_UP = 'run ./billfleet up in another terminal';

/** `billfleet doctor`: what is missing for a healthy fleet, each finding with what to do about it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look for everything that keeps the fleet from working')
    .option('--json', 'print the findings as JSON')
    .addHelpText('before', 'Examples:\n  billfleet doctor\n  billfleet doctor --json\n')
    .action(async (options: { json?: boolean }) => {
      const findings = await examine(await checks());
      const ok = findings.every((one) => one.ok);
      if (options.json === true) printJson({ ok, findings });
      else print(asText(findings));
      process.exitCode = ok ? exitCodes.ok : exitCodes.violations;
    });
}

async function checks(): Promise<Check[]> {
  const environment = environmentToUse();
  requireServer(environment, 'DATABASE_URL');
  requireServer(environment, 'REDIS_URL');
  const config = loadConfig(environment.values);
  return [runtimeCheck, ...(await serverChecks(config)), ...(await processChecks(runningFleet()))];
}

const runtimeCheck: Check = {
  name: 'Runtime',
  fix: 'use Node 20.19 or newer',
  run: () =>
    Promise.resolve({ ok: true, found: `Node ${process.versions.node} on ${process.platform}-${process.arch}` }),
};

/** The checks bring large libraries with them, which `--help` must not wait for: hence the late imports here. */
async function serverChecks(config: Config): Promise<Check[]> {
  const { databaseChecks } = await import('../doctor/database-checks.js');
  const { httpCheck, redisCheck, smtpCheck } = await import('../doctor/network-checks.js');
  return [
    ...databaseChecks(config.databaseUrl),
    redisCheck(config.redisUrl),
    smtpCheck(config.smtpUrl),
    httpCheck('Sandbox', `${config.sandboxUrl}/health/live`, `${FIX_UP}, or set BILLFLEET_SANDBOX_URL`),
    httpCheck(
      'Public URL',
      `${config.publicUrl}/health/live`,
      `${FIX_UP}, or set BILLFLEET_PUBLIC_URL to where people reach the gateway`,
    ),
  ];
}

async function processChecks(fleet: RunningFleet | undefined): Promise<Check[]> {
  const { httpCheck } = await import('../doctor/network-checks.js');
  if (fleet === undefined) {
    const found = 'no fleet is up in this checkout; processes elsewhere cannot be seen from here';
    return [{ name: 'Processes', fix: FIX_UP, run: () => Promise.resolve({ ok: false, found }) }];
  }
  return appNames.flatMap((app) => {
    const processes = fleet.processes.filter((one) => one.app === app);
    if (processes.length === 0) {
      return [{ name: app, fix: FIX_UP, run: () => Promise.resolve({ ok: false, found: 'not started' }) }];
    }
    return processes.map(({ name, port }) =>
      httpCheck(name, `http://127.0.0.1:${String(port)}/health/ready`, `look into .data/log/${name}.log`),
    );
  });
}

function asText(findings: readonly Finding[]): string {
  return findings
    .map(
      (one) =>
        `${one.ok ? 'ok  ' : 'FAIL'}  ${one.name.padEnd(18)}${one.found}${one.fix === undefined ? '' : `\n      fix: ${one.fix}`}`,
    )
    .join('\n');
}
