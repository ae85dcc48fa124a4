import { spawnSync } from 'node:child_process';

/** Faults that a reader of Beancount files finds in one; none in a sound one. */
export function readBeancount(text: string): readonly string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const transactions: { on: string; sides: { account: string; currency: string; units: number }[] }[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const fault = (what: string): void => void faults.push(`line ${String(at + 1)}: ${what}: ${line}`);
    const [, opened] = /^\d{4}-\d{2}-\d{2} open (\S+)$/.exec(line) ?? [];
    const [, begun] = /^(\d{4}-\d{2}-\d{2}) \* "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*"$/.exec(line) ?? [];
    const side = /^ {2}([A-Z][\w-]*(?::[A-Z0-9][\w-]*)+) +(-?\d+\.\d{2}) ([A-Z]{3})$/.exec(line);
    const balance = /^(\d{4}-\d{2}-\d{2}) balance (\S+) +(-?\d+\.\d{2}) ([A-Z]{3})$/.exec(line);
    if (opened !== undefined) open.add(opened);
    else if (begun !== undefined) transactions.push({ on: begun, sides: [] });
    else if (side !== null) {
      const [, account = '', amount = '', currency = ''] = side;
      if (!open.has(account)) fault('an account that is not open');
      transactions.at(-1)?.sides.push({ account, currency, units: hundredths(amount) });
    } else if (balance !== null) {
      const [, on = '', account = '', amount = '', currency = ''] = balance;
      const before = transactions.filter((one) => one.on < on).flatMap((one) => one.sides);
      const held = sum(before.filter((one) => one.account === account && one.currency === currency));
      if (held !== hundredths(amount)) fault(`a balance that is not held, which is ${String(held)}`);
    } else if (!/^$|^option "\w+" "[^"]*"$|^ {2}[a-z][a-z0-9_-]*: "(?:[^"\\]|\\.)*"$/.test(line))
      fault('what nobody reads');
  }
  for (const { on, sides } of transactions) {
    for (const currency of new Set(sides.map((one) => one.currency)))
      if (sum(sides.filter((one) => one.currency === currency)) !== 0)
        faults.push(`a transaction of ${on} that does not balance`);
    if (sides.length < 2) faults.push(`a transaction of ${on} with one side`);
  }
  return faults;
}

const hundredths = (amount: string): number => Number(amount.replace('.', ''));
const sum = (sides: readonly { readonly units: number }[]): number =>
  sides.reduce((total, one) => total + one.units, 0);

/** What Beancount's own checker says of a file: undefined where it is not installed. */
export function beanCheck(file: string): { readonly isSound: boolean; readonly said: string } | undefined {
  const ran = spawnSync('bean-check', [file], { encoding: 'utf8' });
  if (ran.error !== undefined) return undefined;
  return { isSound: ran.status === 0, said: `${ran.stdout}${ran.stderr}` };
}
