import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { checkoutRoot } from '../checkout.js';
import { CommandError, exitCodes } from '../exit-codes.js';
import { runJest } from '../run-jest.js';
import { provideChromium } from '../services/chromium-binary.js';
import { print, say } from '../terminal.js';

const FOLDER = 'docs/images';
const LOOKS = ['light', 'dark', 'phone'] as const;
/** The tests that bring every screen about; in a run for pictures they take one of each. */
const TESTS = ['test/browser/screens.browser-spec.ts', 'test/browser/console.browser-spec.ts'];
const WATCH_MS = 250;
/** Pictures of documents are loaded by everybody who reads them. */
const SIZE_MAX_BYTES = 100_000;

type Options = { readonly out: string; readonly all?: boolean; readonly look?: (typeof LOOKS)[number] };

/** `billfleet screenshots`: pictures of every screen of the billing page and the support console, on a fleet whose clock stands still. */
export function screenshotsCommand(): Command {
  return new Command('screenshots')
    .description('take pictures of every screen of the billing page and the support console, for the documents')
    .option('--out <folder>', 'where they go', folderFrom, FOLDER)
    .option('--all', 'every picture, and not only those that documents show')
    .addOption(new Option('--look <look>', 'only those of one look').choices(LOOKS))
    .addHelpText(
      'before',
      'Examples:\n  billfleet screenshots\n  billfleet screenshots --all --out /tmp/pictures\n' +
        '  billfleet screenshots --all --look phone --out /tmp/pictures\n',
    )
    .action(async ({ out, all = false, look }: Options) => {
      if (provideChromium(say) === undefined)
        throw new CommandError(
          exitCodes.configuration,
          'there is no Chromium: install one, or name it in CHROMIUM_PATH',
        );
      const taken = mkdtempSync(path.join(os.tmpdir(), 'billfleet-pictures-'));
      try {
        await take(taken);
        const shown = all ? undefined : shownInDocuments();
        const isOf = (name: string): boolean => look === undefined || name.endsWith(`-${look}.webp`);
        const names = readdirSync(taken).filter((name) => isOf(name) && shown?.has(name) !== false);
        process.exitCode = keep(names, { from: taken, to: path.resolve(checkoutRoot(), out) });
        const missing = [...(shown ?? [])].filter((name) => !existsSync(path.join(taken, name)));
        if (missing.length === 0) return;
        say(`documents show pictures that there are not: ${missing.join(', ')}`);
        process.exitCode = exitCodes.violations;
      } finally {
        rmSync(taken, { recursive: true, force: true });
      }
    });
}

function folderFrom(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('wanted a folder');
  return path.resolve(text);
}

/** Has the tests take every picture into a folder, and says each one as it comes. */
async function take(folder: string): Promise<void> {
  const told = new Set<string>();
  const tell = (): void => {
    for (const name of readdirSync(folder)) {
      if (told.has(name)) continue;
      told.add(name);
      say(`  ${String(told.size).padStart(3)}  ${name.replace(/\.webp$/, '')}`);
    }
  };
  say('starting a fleet of its own; each picture is named as it is taken, in about four minutes in all');
  const watch = setInterval(tell, WATCH_MS);
  const status = await runJest(['--testTimeout', '600000', ...TESTS], { BILLFLEET_SCREENSHOTS: folder }).finally(() => {
    clearInterval(watch);
  });
  tell();
  if (status !== 0)
    throw new CommandError(exitCodes.violations, 'a screen is not as it has to be; no picture was kept');
}

/** Copies what differs from the picture that is there. */
function keep(names: readonly string[], { from, to }: { readonly from: string; readonly to: string }): number {
  mkdirSync(to, { recursive: true });
  let bytes = 0;
  let changed = 0;
  const large: string[] = [];
  for (const name of names) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    const { size } = statSync(source);
    bytes += size;
    if (size > SIZE_MAX_BYTES) large.push(name);
    if (existsSync(target) && readFileSync(target).equals(readFileSync(source))) continue;
    copyFileSync(source, target);
    changed += 1;
  }
  print(`${String(names.length)} pictures, ${String(Math.ceil(bytes / 1000))} kB, ${String(changed)} of them changed`);
  if (large.length > 0) say(`larger than ${String(SIZE_MAX_BYTES / 1000)} kB: ${large.join(', ')}`);
  return large.length === 0 ? exitCodes.ok : exitCodes.violations;
}

/** Names of the pictures that documents show. */
function shownInDocuments(): ReadonlySet<string> {
  const root = checkoutRoot();
  const documents = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file));
  const text = ['README.md', ...documents].map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
  return new Set([...text.matchAll(/\bimages\/([a-z\d-]+\.webp)\b/g)].map(([, name = '']) => name));
}
