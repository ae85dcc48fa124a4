import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { intakeBody, intakeJob, queues, seatProvisioningQueue } from '@billfleet/contracts';
import { buildProgram } from '../../apps/cli/src/program.js';
import { engines } from '../../apps/cli/src/engines.js';
import { filesBelow, textOf } from './repository.js';

const refusalsOf = (folder: string): string[] =>
  filesBelow(folder, /\.ts$/)
    .filter((file) => !file.endsWith('spec.ts'))
    .flatMap((file) => [...textOf(file).matchAll(/\b(?:code: |refuse\(\s*|code: \w+ === undefined \? )'([a-z_]+)'/g)])
    .map(([, code]) => code ?? '');

/** Codes of calls to the provider and to the mail server: they are kept with attempts and mails and never answered. Those of months are said by commands alone. */
const NOT_ANSWERED = ['reference_unknown', 'render', 'attach', 'month_not_over', 'month_not_next'];
/** Codes that are put together or chosen in an expression, which the pattern above does not see. */
const COMPOSED = ['field_missing', 'webhook_malformed', 'webhook_signature', 'webhook_stale'];

describe('docs/reference/http-errors.md', () => {
  const rows = [...textOf('docs/reference/http-errors.md').matchAll(/^\| `([a-z_]+)` +\| (\dxx|\d{3}) /gm)];
  const listed = rows.map(([, code]) => code ?? '');

  test('lists exactly the codes that the code base answers with', () => {
    const used = [
      ...refusalsOf('libs/billing/src'),
      ...refusalsOf('libs/domain/src'),
      ...refusalsOf('apps/gateway/src'),
    ];
    const wanted = new Set([...used, ...COMPOSED].filter((code) => !NOT_ANSWERED.includes(code)));
    expect([...listed].sort()).toEqual([...wanted].sort());
  });

  test('lists each code once', () => {
    expect(listed.filter((code, index) => listed.indexOf(code) !== index)).toEqual([]);
  });
});

describe('docs/reference/queues.md', () => {
  const text = textOf('docs/reference/queues.md');

  test('names every queue with its kinds and its door', () => {
    for (const queue of queues) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${queue.name}\` `)) ?? '';
      for (const [kind, { ref }] of Object.entries<{ ref: string }>(queue.kinds)) {
        expect(row).toContain(`\`${kind}\` (${ref})`);
      }
      if (queue.intake !== undefined) expect(row).toContain(`\`${queue.intake.name}\``);
    }
  });

  test('its worked example is signed as workers check it', () => {
    const json = [...text.matchAll(/```json\n([^]*?)```/g)]
      .map(([, block]) => block ?? '')
      .find((block) => block.includes('intake'));
    const { intake } = intakeJob.parse(JSON.parse(json ?? ''));
    const [envelope] = intake;
    const [, prefix, secret = ''] = /`bf_dev_([0-9a-f]{16})_([0-9a-f]{40})`/.exec(text) ?? [];
    const signingKey = createHash('sha256').update(secret).digest('hex');
    expect(text).toContain(signingKey);
    expect(envelope?.publisher).toBe(prefix);
    expect(envelope?.signature).toBe(
      createHmac('sha256', signingKey)
        .update(envelope?.body ?? '')
        .digest('hex'),
    );
    expect(text).toContain(`\n   ${envelope?.body ?? ''}\n`);
    const body = intakeBody.parse(JSON.parse(envelope?.body ?? ''));
    expect(body.operation).toBe(seatProvisioningQueue.intake.name);
    expect(seatProvisioningQueue.intake.payload.safeParse(body.data).success).toBe(true);
  });
});

describe('README.md', () => {
  test('names every command', () => {
    const listed = [...textOf('README.md').matchAll(/^\| `\.\/billfleet ([a-z-]+)`/gm)].map(([, name]) => name ?? '');
    const wanted = buildProgram(engines, '0.0.0').commands.map((command) => command.name());
    expect(listed.sort()).toEqual(wanted.filter((name) => name !== 'help').sort());
  });
});
