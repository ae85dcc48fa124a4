import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { checkoutRoot } from './checkout.js';
import { exitCodes } from './exit-codes.js';
import type { Engines } from './engines.js';
import { buildProgram } from './program.js';

const unused = (): Promise<never> => Promise.reject(new Error('no engine runs in this test'));
const everyEngine: Engines = {
  demo: unused,
  audit: unused,
  work: unused,
  seats: unused,
  clock: unused,
  keys: unused,
  verify: unused,
  catalog: unused,
  explain: unused,
  checkQuote: unused,
  bench: unused,
  benchQuotes: unused,
  benchClocks: unused,
  chaos: unused,
  seed: unused,
};

function pathsOf(command: Command, above: string[] = []): string[][] {
  return command.commands.flatMap((one) => [[...above, one.name()], ...pathsOf(one, [...above, one.name()])]);
}

/** Parses without writing to the terminal, and answers how it ended. */
async function parse(args: string[]): Promise<{ exitCode: number; text: string }> {
  let text = '';
  const program = buildProgram(everyEngine, '0.0.0');
  const silence = (command: Command): void => {
    const keep = (chunk: string): void => void (text += chunk);
    command.configureOutput({ writeOut: keep, writeErr: keep });
    command.commands.forEach(silence);
  };
  silence(program);
  const ended = await program.parseAsync(['node', 'billfleet', ...args]).then(
    () => ({ exitCode: 0 }),
    (error: unknown) => error as { exitCode: number },
  );
  return { exitCode: ended.exitCode, text };
}

describe('the command line', () => {
  const paths = pathsOf(buildProgram(everyEngine, '0.0.0'));

  test('has the commands of the reference', () => {
    const names = paths.map((words) => words.join(' '));
    const wanted = [
      'up',
      'test',
      'screenshots',
      'demo',
      'doctor',
      'audit',
      'work',
      'seats check',
      'clock create',
      'clock attach',
      'clock advance',
      'clock show',
      'keys create',
      'keys list',
      'keys revoke',
      'catalog check',
      'catalog diff',
      'catalog impact',
      'config print',
      'migrate',
      'reset',
      'explain',
      'check-quote',
      'bench purchases',
      'bench quotes',
      'bench clocks',
      'chaos',
    ];
    expect(names).toEqual(expect.arrayContaining(wanted));
  });

  test.each(paths.map((words) => words.join(' ')))(
    '%s has a help text and a place in the reference',
    async (command) => {
      const { exitCode, text } = await parse([...command.split(' '), '--help']);
      expect(exitCode).toBe(0);
      expect(text).toContain(`Usage: billfleet ${command}`);
      const reference = readFileSync(path.join(checkoutRoot(), 'docs/reference/cli.md'), 'utf8');
      expect(reference).toContain(`billfleet ${command}`);
    },
  );

  test('starts its help with examples', async () => {
    expect((await parse(['--help'])).text).toMatch(/^Examples:/);
  });

  test('answers a typing error with the nearest command', async () => {
    const { exitCode, text } = await parse(['wrok']);
    expect(exitCode).not.toBe(0);
    expect(text).toContain('Did you mean work?');
  });

  test.each([
    ['chaos', '--orders', '-1'],
    ['bench', 'purchases', '--rounds', 'many'],
    ['up', '--scale', 'nobody=2'],
    ['work', 'list', '--state', 'lost'],
    ['work', 'kill', '1'],
    ['screenshots', '--out', ''],
    ['screenshots', '--look', 'sepia'],
    ['seats', 'check', '--workspace', 'mine'],
    ['clock', 'advance', '0190a000-0000-7000-8000-a00000000001', '--to=soon'],
    ['clock', 'advance', '0190a000-0000-7000-8000-a00000000001', '--to=2300-01-01'],
    ['clock', 'attach', 'mine', 'yours'],
    ['clock', 'create', ''],
    ['keys', 'create', '--role=nobody', '--name=x', '--reason=y'],
    ['keys', 'create', '--role=member', '--name=x', '--reason=y'],
    ['keys', 'create', '--role=service', '--name=x', '--reason=y', '--scopes=all'],
    ['keys', 'revoke', '0123456789abcdef'],
  ])('refuses %s %s %s', async (...args) => {
    expect((await parse(args)).exitCode).not.toBe(0);
  });

  test('documents every exit status', () => {
    const reference = readFileSync(path.join(checkoutRoot(), 'docs/reference/cli.md'), 'utf8');
    for (const code of Object.values(exitCodes))
      expect(reference).toMatch(new RegExp(`^\\| ${String(code)} +\\|`, 'm'));
  });
});
